import { useState } from "react";
import { Select } from "@/components/ui/choice.tsx";
import { formatCount, formatCounted } from "@/components/ui/numbers.ts";
import { SeriesSwatch, seriesKey, seriesMax } from "@/components/ui/series-swatch.tsx";
import type { Family } from "@/server/core/farm/types.ts";
import styles from "./bars.module.css";
import type { BoardRow, Survivor } from "./board-model.ts";
import { type Segment, ShareBars } from "./share-bars.tsx";

type SharePanelProps = {
  readonly family: Family;
  /** only said when the farm has both families */
  readonly isNamed: boolean;
  readonly rows: readonly BoardRow[];
  readonly version: number;
  readonly hasEdits: boolean;
  readonly newPerS: number | null;
  readonly survivorsWithout: (backendId: string) => readonly Survivor[];
};

/** A panel for each address family: backends serve addresses of their own family only. */
export function SharePanels({ rows, ...rest }: Omit<SharePanelProps, "family" | "isNamed">) {
  const families = [...new Set(rows.map((row) => row.family))].sort();
  return families.map((family) => (
    <SharePanel
      key={family}
      {...rest}
      family={family}
      isNamed={families.length > 1}
      rows={rows.filter((row) => row.family === family)}
    />
  ));
}

/** The shares of one address family: three bars on one scale, and what is left when one backend fails. */
function SharePanel(props: SharePanelProps) {
  const { rows, family, isNamed, hasEdits } = props;
  const observed = rows.find((row) => row.live?.observed)?.live?.observed ?? null;
  const slots = rows.find((row) => row.slots.all > 0)?.slots.all ?? 0;
  const untracked = rows.find(({ live }) => live?.untracked !== undefined)?.live?.untracked;
  const isCounted = observed !== null && observed.connections > 0;
  return (
    <section
      aria-label={isNamed ? `Shares, IPv${family}` : "Shares"}
      className="min-w-0 rounded-3 border border-line bg-surface"
    >
      {isNamed ? <h2 className="px-4 pt-3 font-semibold">IPv{family}</h2> : null}
      <ShareBars
        observed={isCounted ? segments(rows, (row) => row.live?.observed?.sharePct ?? 0) : []}
        observedNote={
          isCounted
            ? `${formatCount(observed.connections)} new connections`
            : untracked === undefined
              ? "nothing counted yet"
              : "no connections to count"
        }
        observedEmpty={untracked ?? "not enough yet"}
        running={segments(rows, (row) => row.runningPct)}
        runningNote={`revision ${props.version}`}
        planned={segments(rows, (row) => row.plannedPct)}
        plannedNote={hasEdits ? `draft, ${slotText(slots)}` : `no edits, ${slotText(slots)}`}
        hasEdits={hasEdits}
      />
      <WhatIf rows={rows} newPerS={isNamed ? null : props.newPerS} survivorsWithout={props.survivorsWithout} />
    </section>
  );
}

type WhatIfProps = Pick<SharePanelProps, "rows" | "newPerS" | "survivorsWithout">;

function WhatIf({ rows, newPerS, survivorsWithout }: WhatIfProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const takers = rows.filter((row) => row.plannedPct > 0);
  const largest = takers.reduce<BoardRow | null>(
    (most, row) => (most === null || row.plannedPct > most.plannedPct ? row : most),
    null,
  );
  const failing = takers.find((row) => row.backend.id === chosen) ?? largest;
  if (failing === null) return null;
  const own = new Set(rows.map((row) => row.backend.id));
  const survivors = survivorsWithout(failing.backend.id).filter((survivor) => own.has(survivor.backend.id));
  const most = survivors.reduce<Survivor | null>((top, one) => (top === null || one.pct > top.pct ? one : top), null);
  return (
    <div className={styles.whatif}>
      <span className="inline-flex items-center gap-2">
        If
        <Select
          compact
          aria-label="Backend that fails"
          value={failing.backend.id}
          options={takers.map((row) => ({ value: row.backend.id, label: row.backend.name }))}
          onChange={(event) => setChosen(event.target.value)}
        />
        fails
      </span>
      {survivors.length === 0 ? (
        <span>no backend is left for new connections.</span>
      ) : (
        <ul className={styles.survivors} aria-label={`Shares if ${failing.backend.name} fails`}>
          {survivors.slice(0, 8).map((survivor) => (
            <li key={survivor.backend.id}>
              <SeriesSwatch index={survivor.index} /> {survivor.backend.name} <b>{survivor.pct.toFixed(1)} %</b>
              <span className="text-ink-3">+{survivor.changePoints.toFixed(1)}</span>
            </li>
          ))}
          {survivors.length > 8 ? <li className="text-ink-3">and {survivors.length - 8} more</li> : null}
        </ul>
      )}
      {most === null || newPerS === null ? null : (
        <span className="ml-auto text-small text-ink-3 max-md:ml-0">
          {most.backend.name} would take {((newPerS * most.pct) / 100).toFixed(1)} of {newPerS.toFixed(1)} new conn/s
        </span>
      )}
    </div>
  );
}

/** One segment a backend; those beyond the named colours are one segment together, as in the charts. */
function segments(rows: readonly BoardRow[], pctOf: (row: BoardRow) => number): Segment[] {
  const own = rows.filter((row) => row.index < seriesMax);
  const others = rows.filter((row) => row.index >= seriesMax);
  const named = own.map((row) => ({
    backendId: row.backend.id,
    name: row.backend.name,
    series: seriesKey(row.index),
    pct: pctOf(row),
  }));
  if (others.length === 0) return named;
  const name = others.length === 1 ? (others[0]?.backend.name ?? "") : `${others.length} others`;
  const pct = others.reduce((sum, row) => sum + pctOf(row), 0);
  return [...named, { backendId: "others", name, series: "other", pct }];
}

function slotText(slots: number): string {
  return slots === 0 ? "no slots" : formatCounted(slots, "slot");
}
