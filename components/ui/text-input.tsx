import clsx from "clsx";
import type { ComponentProps } from "react";

const look =
  "w-full min-w-0 rounded-2 border border-control-line bg-surface px-2.5 text-ink placeholder:text-ink-3 " +
  "aria-invalid:border-danger-fill not-focus-visible:aria-invalid:shadow-[0_0_0_1px_var(--danger-fill)] " +
  "disabled:border-line disabled:bg-sunken disabled:text-ink-disabled read-only:bg-sunken";

type TextInputProps = ComponentProps<"input"> & { readonly mono?: boolean };

export function TextInput({ mono = false, className, ...rest }: TextInputProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={clsx(look, "h-8 max-md:h-9", mono && "font-mono text-small", className)}
    />
  );
}

type TextAreaProps = ComponentProps<"textarea"> & { readonly mono?: boolean };

export function TextArea({ mono = false, className, ...rest }: TextAreaProps) {
  return <textarea rows={3} {...rest} className={clsx(look, "py-1.5", mono && "font-mono text-small", className)} />;
}
