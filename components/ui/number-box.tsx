"use client";

import clsx from "clsx";
import { Minus, Plus } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useState } from "react";
import type { FieldControlProps } from "./field.tsx";

type NumberBoxProps = Partial<FieldControlProps> & {
  /** accessible name of the box; the buttons are named after it. Leave out inside a Field. */
  readonly label?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** Shift+arrow and Page keys */
  readonly bigStep?: number;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onChange: (value: number) => void;
  /** what was typed is no whole number from min to max; null = it is one again */
  readonly onInvalid?: (message: string | null) => void;
};

/** A whole number with minus and plus. What is typed is kept as typed until it parses; nothing is clamped behind one's back. */
export function NumberBox(props: NumberBoxProps) {
  const { label, value, min, max, step = 1, bigStep = 10, disabled = false, className, onChange, onInvalid } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const bad = draft !== null && parse(draft, min, max) === null;

  function type(text: string): void {
    setDraft(text);
    const parsed = parse(text, min, max);
    onInvalid?.(parsed === null ? `A whole number from ${format(min)} to ${format(max)}` : null);
    if (parsed !== null) onChange(parsed);
  }
  function move(by: number): void {
    setDraft(null);
    onInvalid?.(null);
    onChange(Math.min(max, Math.max(min, value + by)));
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const by = keyStep(event, step, bigStep);
    if (by === 0) return;
    event.preventDefault();
    move(by);
  }

  const name = label ?? "value";
  return (
    <div
      className={clsx(
        "grid h-7 grid-cols-[26px_minmax(0,1fr)_26px] overflow-hidden rounded-2 border bg-surface",
        "focus-within:shadow-(--focus) max-md:h-11 max-md:grid-cols-[40px_minmax(0,1fr)_40px]",
        bad || props["aria-invalid"] ? "border-danger-fill" : "border-control-line",
        disabled && "border-line-strong bg-sunken",
        className,
      )}
    >
      <StepButton
        label={`${name}: ${step} less`}
        disabled={disabled || value <= min}
        onClick={() => move(-step)}
        minus
      />
      <input
        id={props.id}
        aria-label={label}
        aria-describedby={props["aria-describedby"]}
        aria-invalid={bad || props["aria-invalid"] || undefined}
        inputMode="numeric"
        autoComplete="off"
        className="w-full min-w-0 border-x border-line bg-transparent text-center font-semibold focus-visible:shadow-none disabled:text-ink-2"
        value={draft ?? String(value)}
        disabled={disabled}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setDraft(null);
          onInvalid?.(null);
        }}
      />
      <StepButton label={`${name}: ${step} more`} disabled={disabled || value >= max} onClick={() => move(step)} />
    </div>
  );
}

type StepButtonProps = {
  readonly label: string;
  readonly disabled: boolean;
  readonly minus?: boolean;
  readonly onClick: () => void;
};

/** Not in the tab order: the arrow keys of the box do the same. */
function StepButton({ label, disabled, minus = false, onClick }: StepButtonProps) {
  const Icon = minus ? Minus : Plus;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
      className="grid place-items-center text-ink-2 hover:bg-hover disabled:text-ink-disabled"
    >
      <Icon aria-hidden className="size-3" strokeWidth={2} />
    </button>
  );
}

function keyStep(event: KeyboardEvent, step: number, bigStep: number): number {
  const size = event.shiftKey ? bigStep : step;
  if (event.key === "ArrowUp") return size;
  if (event.key === "ArrowDown") return -size;
  if (event.key === "PageUp") return bigStep;
  if (event.key === "PageDown") return -bigStep;
  return 0;
}

/** The whole number the text says, or null: "1e3", "1.5", "-1" and "" are none. */
export function parse(text: string, min: number, max: number): number | null {
  const trimmed = text.trim().replaceAll(",", "");
  if (!/^[0-9]{1,9}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return value >= min && value <= max ? value : null;
}

const format = (value: number): string => value.toLocaleString("en-US");
