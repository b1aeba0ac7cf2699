import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useId } from "react";

/** What a control inside a Field must carry, so that its label, hint and error belong to it. */
type FieldControlProps = {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
};

type FieldProps = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  /** at the right of the label, e.g. "Show"; by keyboard it comes after the control, so that Tab leads from field to field */
  readonly aside?: ReactNode;
  readonly required?: boolean;
  readonly hideLabel?: boolean;
  readonly className?: string;
  readonly children: (control: FieldControlProps) => ReactNode;
};

/** Label, control, hint and error, tied together. The error replaces nothing: the hint stays. */
export function Field({ label, hint, error, aside, required, hideLabel = false, className, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : "";
  const errorId = error ? `${id}-error` : "";
  const describedBy = [errorId, hintId].filter((part) => part !== "").join(" ");
  return (
    <div className={clsx("grid min-w-0 content-start gap-1", className)}>
      <div
        className={clsx("grid min-w-0 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-y-1", aside ? "gap-x-3" : null)}
      >
        <label htmlFor={id} className={clsx("justify-self-start font-medium", hideLabel && "sr-only")}>
          {label}
          {required ? <span className="font-normal text-ink-3"> (required)</span> : null}
        </label>
        <div className="col-span-2 grid min-w-0 gap-1">
          {children({ id, "aria-describedby": describedBy || undefined, "aria-invalid": error ? true : undefined })}
        </div>
        {aside ? <div className="col-start-2 row-start-1">{aside}</div> : null}
      </div>
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
      {hint ? (
        <p id={hintId} className="text-small text-ink-3">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

export function FieldError({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-small text-danger-ink">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" strokeWidth={1.75} />
      <span>{children}</span>
    </p>
  );
}
