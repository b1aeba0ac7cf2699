import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

type ButtonVariant = "default" | "primary" | "quiet" | "danger" | "fill-danger";
type ButtonSize = "md" | "lg";

type Look = {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  /** on/off buttons: also set aria-pressed */
  readonly on?: boolean;
};

const variants: Record<ButtonVariant, string> = {
  default: "border-line-strong bg-surface text-ink hover:bg-hover",
  primary: "border-primary bg-primary text-on-primary hover:bg-primary-hover",
  quiet: "border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink",
  danger: "border-line-strong bg-surface text-danger-ink hover:bg-danger-soft",
  "fill-danger": "border-danger-fill bg-danger-fill text-on-danger hover:brightness-110",
};

/** The one place that says what a button looks like; links that look like buttons use it too. */
export function buttonClass({ variant = "default", size = "md", on = false }: Look = {}): string {
  return clsx(
    "inline-flex items-center justify-center gap-1.5 rounded-2 border font-medium whitespace-nowrap select-none",
    "transition-[background-color] duration-(--fast) max-md:h-9",
    "disabled:border-line disabled:bg-transparent disabled:text-ink-disabled",
    "aria-disabled:border-line aria-disabled:bg-transparent aria-disabled:text-ink-disabled",
    size === "lg" ? "h-8 px-3.5" : "h-7 px-2.5",
    on ? "border-accent-line bg-selected text-accent-strong" : variants[variant],
  );
}

type ButtonProps = Omit<ComponentProps<"button">, "disabled"> &
  Look & {
    readonly disabled?: boolean;
    /** Why it cannot be used now. The button stays focusable and the reason is its description. */
    readonly disabledReason?: string | null;
    readonly pending?: boolean;
  };

export function Button({ variant, size, on, disabledReason, pending, className, children, ...rest }: ButtonProps) {
  const blocked = Boolean(disabledReason) || pending === true;
  return (
    <button
      type="button"
      {...rest}
      className={clsx(buttonClass({ variant, size, on }), className)}
      aria-pressed={on === undefined ? rest["aria-pressed"] : on}
      aria-disabled={blocked || undefined}
      aria-busy={pending || undefined}
      title={disabledReason ?? rest.title}
      onClick={blocked ? preventClick : rest.onClick}
    >
      {children}
      {disabledReason ? <span className="sr-only">. {disabledReason}</span> : null}
    </button>
  );
}

type IconButtonProps = Omit<ButtonProps, "children" | "size"> & {
  /** accessible name and tooltip */
  readonly label: string;
  readonly icon: ReactNode;
};

export function IconButton({ label, icon, className, variant = "quiet", ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      variant={variant}
      aria-label={rest.disabledReason ? `${label}. ${rest.disabledReason}` : label}
      title={rest.disabledReason ?? label}
      className={clsx("w-7 shrink-0 px-0! max-md:w-9", className)}
    >
      {icon}
    </Button>
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & Look;

export function ButtonLink({ variant, size, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={clsx(buttonClass({ variant, size }), className)} />;
}

function preventClick(event: { preventDefault(): void; stopPropagation(): void }): void {
  event.preventDefault();
  event.stopPropagation();
}
