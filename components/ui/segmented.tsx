"use client";

import clsx from "clsx";
import type { ReactNode } from "react";

type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (value: T) => void;
};

/** A few choices of which one holds; toggle buttons in a named group. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <fieldset className="inline-flex min-w-0 gap-px rounded-2 border border-line-strong bg-sunken p-px max-md:flex-wrap">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={clsx(
            "h-6 rounded-[4px] px-2.5 whitespace-nowrap max-md:h-8",
            option.value === value
              ? "bg-raised font-medium text-ink shadow-[0_0_0_1px_var(--line-strong)]"
              : "text-ink-2 hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
