import { Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from "react";
import styles from "./board.module.css";
import { valueOfKey } from "./weight-slider.tsx";

export type WeightBoxHandle = {
  /** takes the focus and starts a new number with this digit */
  readonly start: (digit: string) => void;
};

export type TypedValue = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

type BoxProps = {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly disabled: boolean;
  /** id of the words under the row: the error, or why it is disabled */
  readonly noteId: string | undefined;
  readonly isBad: boolean;
  readonly ref: Ref<WeightBoxHandle>;
  readonly parse: (text: string) => TypedValue;
  readonly onChange: (value: number) => void;
  readonly onCommit: () => void;
  /** why the text was not taken, or null when it is a value again */
  readonly onRefuse: (error: string | null) => void;
};

/** The number box with minus and plus. A text that is no weight never reaches the draft; the row says why. */
export function WeightBox(props: BoxProps) {
  const { name, value, max, disabled, isBad } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = (text: string) => {
    setTyped(text);
    const parsed = props.parse(text);
    props.onRefuse(parsed.ok ? null : refusal(text, parsed.error));
    if (parsed.ok && parsed.value !== value) props.onChange(parsed.value);
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
    if (event.key === "Enter") leave();
    if (event.key === "Escape") {
      setTyped(null);
      props.onRefuse(null);
    }
    if (disabled || !["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(event.key)) return;
    event.preventDefault();
    step(valueOfKey(event.key, event.shiftKey, value, max) ?? value);
  };
  const click = (change: number) => {
    step(Math.min(max, Math.max(0, value + change)));
    props.onCommit();
  };
  return (
    <div className={styles.step} data-bad={isBad ? "" : undefined} data-fixed={disabled ? "" : undefined}>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`${name}: 1 less`}
        disabled={disabled || value <= 0}
        onClick={() => click(-1)}
      >
        <Minus aria-hidden />
      </button>
      <input
        ref={input}
        data-control="box"
        inputMode="decimal"
        autoComplete="off"
        aria-label={props.label}
        aria-invalid={isBad || undefined}
        aria-describedby={props.noteId}
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
        aria-label={`${name}: 1 more`}
        disabled={disabled || value >= max}
        onClick={() => click(1)}
      >
        <Plus aria-hidden />
      </button>
    </div>
  );
}

function refusal(text: string, error: string): string {
  return text.trim() === "" ? `${error}.` : `"${text.trim().slice(0, 12)}" was not taken. ${error}.`;
}
