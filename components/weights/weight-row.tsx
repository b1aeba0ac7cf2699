import clsx from "clsx";
import { type KeyboardEvent, memo, useId, useRef, useState } from "react";
import { seriesKey } from "@/components/ui/series-swatch.tsx";
import styles from "./board.module.css";
import type { BoardRow } from "./board-model.ts";
import { RowActions } from "./row-actions.tsx";
import { PlannedCell, ShareCells, StateCell, WhoCell } from "./row-cells.tsx";
import { noteOf } from "./row-note.ts";
import { sameContent } from "./same-content.ts";
import { type TypedValue, WeightBox, type WeightBoxHandle } from "./weight-box.tsx";
import { WeightSlider } from "./weight-slider.tsx";

export type RowControl = {
  readonly mode: "weights" | "share";
  /** weight or share, where the slider stands */
  readonly value: number;
  readonly running: number;
  readonly sliderMax: number;
  readonly boxMax: number;
  readonly isLocked: boolean;
  /** why slider and box cannot be used, or null */
  readonly fixed: string | null;
};

export type RowHandlers = {
  readonly move: (backendId: string, value: number) => void;
  readonly commit: (backendId: string) => void;
  readonly cancel: () => void;
  readonly parse: (text: string) => TypedValue;
  readonly toggleLock: (backendId: string) => void;
  readonly equalise: () => void;
  readonly help: () => void;
  readonly setState: (row: BoardRow, state: "active" | "drain" | "maintenance") => void;
  readonly cut: (row: BoardRow) => void;
};

type RowProps = {
  readonly row: BoardRow;
  readonly control: RowControl;
  readonly gaugeMaxPct: number;
  readonly isLost: boolean;
  /** why admin states cannot be changed now */
  readonly blocked: string | null;
  readonly handlers: RowHandlers;
};

/** Dragging one row of hundreds must not draw the others again: props are compared by content. */
export const WeightRow = memo(Row, sameContent);

function Row(props: RowProps) {
  const { row, control, handlers, isLost } = props;
  const { id, name } = row.backend;
  const [error, setError] = useState<string | null>(null);
  const box = useRef<WeightBoxHandle>(null);
  const noteId = useId();
  const note = noteOf(row, control, error);
  const what = control.mode === "share" ? "share" : "weight";
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest('[role="menu"]') !== null) return;
    if (event.key === "Escape") {
      setError(null);
      handlers.cancel();
    }
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "range";
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "l") {
      handlers.toggleLock(id);
      // a locked slider cannot keep the focus: what unlocks it can
      event.currentTarget.querySelector<HTMLElement>('[data-control="lock"]')?.focus();
    }
    if (key === "e") handlers.equalise();
    if (key === "?") handlers.help();
  };
  return (
    // the row's controls have the focus; its letters act for all of them
    <li
      aria-label={name}
      data-s={seriesKey(row.index)}
      className={clsx(styles.row, row.weight !== row.runningWeight && styles.edited, isLost && "lost")}
      onKeyDown={onKeyDown}
    >
      <StateCell row={row} isLost={isLost} />
      <WhoCell row={row} />
      <div className={styles.railCell}>
        <WeightSlider
          label={`${name} ${what}`}
          spoken={`${name} weight ${row.weight}, share ${row.plannedPct.toFixed(1)} percent, was ${row.runningWeight}`}
          value={control.value}
          max={control.sliderMax}
          isShare={control.mode === "share"}
          running={control.running}
          disabled={control.fixed !== null}
          idle={row.ifServingPct !== null}
          describedBy={note === null ? undefined : noteId}
          onChange={(value) => {
            setError(null);
            handlers.move(id, value);
          }}
          onCommit={() => handlers.commit(id)}
          onDigit={(digit) => box.current?.start(digit)}
        />
      </div>
      <div className={styles.stepCell}>
        <WeightBox
          ref={box}
          name={name}
          label={`${name} ${what}`}
          value={control.value}
          max={control.boxMax}
          disabled={control.fixed !== null}
          isBad={error !== null}
          noteId={note === null ? undefined : noteId}
          parse={handlers.parse}
          onChange={(value) => handlers.move(id, value)}
          onCommit={() => handlers.commit(id)}
          onRefuse={setError}
        />
      </div>
      <PlannedCell row={row} />
      <ShareCells row={row} gaugeMaxPct={props.gaugeMaxPct} isLost={isLost} />
      <RowActions row={row} isLocked={control.isLocked} blocked={props.blocked} handlers={handlers} />
      {note === null ? null : (
        <div id={noteId} className={clsx(note.isQuiet ? "sr-only" : styles.note, error !== null && styles.noteBad)}>
          {note.text}
        </div>
      )}
    </li>
  );
}
