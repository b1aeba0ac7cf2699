import clsx from "clsx";
import { type CSSProperties, type KeyboardEvent, useRef } from "react";
import styles from "./rail.module.css";

type SliderProps = {
  readonly label: string;
  /** what a screen reader says instead of the bare number */
  readonly spoken: string;
  readonly value: number;
  readonly max: number;
  /** weights are whole; shares have one decimal */
  readonly isShare: boolean;
  /** where it runs now, drawn as a dashed mark */
  readonly running: number;
  readonly disabled: boolean;
  /** takes no new connections now: drawn without its colour */
  readonly idle: boolean;
  /** id of the words that say why it is disabled */
  readonly describedBy: string | undefined;
  readonly onChange: (value: number) => void;
  /** a gesture is over: pointer up, Enter, or the slider left */
  readonly onCommit: () => void;
  /** a digit was typed: the number box takes over with it */
  readonly onDigit: (digit: string) => void;
};

/** A native range, so keys, touch and assistive technology work; every change goes to the draft, never to the host. */
export function WeightSlider(props: SliderProps) {
  const { value, max, running, isShare } = props;
  const dragStart = useRef(value);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9]$/.test(event.key)) {
      event.preventDefault();
      props.onDigit(event.key);
      return;
    }
    if (event.key === "Enter") return props.onCommit();
    const next = valueOfKey(event.key, event.shiftKey, value, max);
    if (next === null) return;
    event.preventDefault();
    if (next !== value) props.onChange(next);
  };
  return (
    <div
      className={clsx(styles.rail, props.disabled && styles.fixed, props.idle && styles.idle)}
      style={at(value, max)}
    >
      <i className={styles.ticks} />
      {running === value ? null : <i className={styles.was} style={at(running, max)} />}
      <input
        type="range"
        data-control="slider"
        className={styles.input}
        min={0}
        max={max}
        step={isShare ? 0.1 : 1}
        value={Math.min(value, max)}
        disabled={props.disabled}
        aria-label={props.label}
        aria-valuetext={props.spoken}
        aria-describedby={props.describedBy}
        onKeyDown={onKeyDown}
        onPointerDown={() => {
          dragStart.current = value;
        }}
        onChange={(event) => {
          const dragged = Number(event.currentTarget.value);
          props.onChange(isShare ? wholeOrStart(dragged, dragStart.current) : dragged);
        }}
        onPointerUp={props.onCommit}
        onBlur={props.onCommit}
      />
    </div>
  );
}

/** Arrows 1, Shift+arrow and Page 10, Home and End the limits; null for every other key. */
export function valueOfKey(key: string, isShift: boolean, value: number, max: number): number | null {
  const arrow = isShift ? 10 : 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: arrow,
    ArrowUp: arrow,
    ArrowLeft: -arrow,
    ArrowDown: -arrow,
    PageUp: 10,
    PageDown: -10,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const step = steps[key];
  return step === undefined ? null : Math.min(max, Math.max(0, value + step));
}

/** A dragged share is whole percents, but the place where the drag began stays reachable: 66.7 is found again. */
function wholeOrStart(dragged: number, start: number): number {
  return Math.abs(dragged - start) < 0.5 ? start : Math.round(dragged);
}

function at(value: number, max: number): CSSProperties {
  return { "--w": Math.min(100, (value * 100) / max) } as CSSProperties;
}
