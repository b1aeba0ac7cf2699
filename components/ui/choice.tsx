import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

type SelectProps = ComponentProps<"select"> & {
  readonly options: readonly { readonly value: string; readonly label: string; readonly disabled?: boolean }[];
  readonly compact?: boolean;
};

/** The platform's own select: keys, touch and forms for free. */
export function Select({ options, compact = false, className, ...rest }: SelectProps) {
  return (
    <span className={clsx("relative inline-grid min-w-0", className)}>
      <select
        {...rest}
        className={clsx(
          "w-full appearance-none rounded-2 border border-control-line bg-surface pr-7 pl-2.5 text-ink max-md:h-9",
          "aria-invalid:border-danger-fill disabled:border-line disabled:bg-sunken disabled:text-ink-disabled",
          compact ? "h-7" : "h-8",
        )}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-ink-2"
        strokeWidth={1.5}
      />
    </span>
  );
}

type CheckboxProps = Omit<ComponentProps<"input">, "type"> & {
  readonly indeterminate?: boolean;
  /** visible words; without them give aria-label */
  readonly children?: ReactNode;
};

/** The hit area is at least 24 px, also without words. */
export function Checkbox({ indeterminate = false, children, className, ...rest }: CheckboxProps) {
  return (
    <label className={clsx("inline-flex min-h-6 min-w-6 items-center gap-2", className)}>
      <input
        {...rest}
        type="checkbox"
        ref={(element) => {
          if (element !== null) element.indeterminate = indeterminate;
        }}
        className="check"
      />
      {children === undefined ? null : <span>{children}</span>}
    </label>
  );
}

type SwitchProps = Omit<ComponentProps<"input">, "type" | "role" | "onChange" | "checked"> & {
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly children?: ReactNode;
};

export function Switch({ checked, onCheckedChange, children, className, ...rest }: SwitchProps) {
  return (
    <label className={clsx("inline-flex min-h-6 items-center gap-2", className)}>
      <span className="relative inline-block h-5 w-9 shrink-0">
        <input
          {...rest}
          type="checkbox"
          role="switch"
          aria-checked={checked}
          checked={checked}
          onChange={(event) => onCheckedChange(event.target.checked)}
          className={clsx(
            "peer absolute inset-0 m-0 size-full appearance-none rounded-full border",
            "border-control-line bg-sunken checked:border-primary checked:bg-primary disabled:opacity-50",
          )}
        />
        <span
          aria-hidden
          className={clsx(
            "pointer-events-none absolute top-[3px] left-[3px] size-3.5 rounded-full bg-control-line",
            "transition-transform duration-(--fast) peer-checked:translate-x-4 peer-checked:bg-on-primary",
            "forced-colors:forced-color-adjust-none forced-colors:bg-[ButtonText]! forced-colors:peer-checked:bg-[Highlight]!",
          )}
        />
      </span>
      {children === undefined ? null : <span>{children}</span>}
    </label>
  );
}
