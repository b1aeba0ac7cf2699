import { Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from "react";
import styles from "./board.module.css";
import { valueOfKey } from "./weight-slider.tsx";

export type WeightBoxHandle = {
  /** takes the focus and starts a new number with this digit */
  start(digit: string): void;
};

type BoxProps = {
  name: string;
  label: string;
  value: number;
  max: number;
  disabled: boolean;
  /** id of the element that shows `error`; also of the reason why it is disabled */
  noteId: string;
  error: string | null;
  ref: Ref<WeightBoxHandle>;
  onChange(value: number): void;
  onCommit(): void;
  /** the text is no weight: why, or null when it is one again */
  onRefuse(error: string | null): void;
};

/** The number box with minus and plus. A text that is no weight never reaches the draft; the row says why. */
export function WeightBox(props: BoxProps) {
  const { value, max, disabled } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = (text: string) => {
    setTyped(text);
    const error = refusal(text, max);
    props.onRefuse(error);
    if (error === null && Number(text) !== value) props.onChange(Number(text));
  };
  useImperativeHandle(props.ref, () => ({
    start: (digit) => {
      input.current?.focus();
      take(digit);
    },
  }));
  const leave = () => {
    setTyped(null);
    props.onCommit();
  };
  const step = (next: number) => {
    setTyped(null);
    props.onRefuse(null);
    if (next !== value) props.onChange(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      leave();
      event.currentTarget.select();
    } else if (["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(event.key)) {
      event.preventDefault();
      step(valueOfKey(event.key, event.shiftKey, value, max) ?? value);
    }
  };
  const click = (change: number) => {
    step(Math.min(max, Math.max(0, value + change)));
    props.onCommit();
  };
  return (
    <div
      className={styles.step}
      data-bad={props.error === null ? undefined : ""}
      data-fixed={disabled ? "" : undefined}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={`${props.name} one less`}
        disabled={disabled || value <= 0}
        onClick={() => click(-1)}
      >
        <Minus aria-hidden="true" />
      </button>
      <input
        ref={input}
        inputMode="numeric"
        autoComplete="off"
        aria-label={props.label}
        aria-invalid={props.error === null ? undefined : true}
        aria-describedby={props.error !== null || disabled ? props.noteId : undefined}
        value={typed ?? String(value)}
        readOnly={disabled}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => take(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <button
        type="button"
        tabIndex={-1}
        aria-label={`${props.name} one more`}
        disabled={disabled || value >= max}
        onClick={() => click(1)}
      >
        <Plus aria-hidden="true" />
      </button>
    </div>
  );
}

/** Why the text is no weight up to max, in core's words for the usual bound; null when it is one. */
export function refusal(text: string, max: number): string | null {
  const trimmed = text.trim();
  if (/^[0-9]{1,5}$/.test(trimmed) && Number(trimmed) <= max) return null;
  const what = max === 100 ? "A share is a whole number from 0 to 100." : "A weight is a whole number from 0 to 1,000.";
  return trimmed === "" ? what : `"${trimmed.slice(0, 12)}" was not taken. ${what}`;
}
