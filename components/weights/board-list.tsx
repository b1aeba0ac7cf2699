import clsx from "clsx";
import { useMemo, useState } from "react";
import { filterFrom, fitsFilter } from "@/components/farm-live/backend-filter.ts";
import { BackendFilter } from "@/components/farm-live/backend-filter-box.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ShortReason } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { type Draft, draftShares, sliderMax } from "@/server/core/change/draft.ts";
import styles from "./board.module.css";
import type { BoardRow } from "./board-model.ts";
import { chunksOf, RowChunk } from "./row-chunk.tsx";
import { controlOf } from "./row-control.ts";
import { GaugeAxis, gaugeMaxPct } from "./share-gauge.tsx";
import { type RowHandlers, WeightRow } from "./weight-row.tsx";

type BoardListProps = {
  readonly farmName: string;
  readonly rows: readonly BoardRow[];
  readonly draft: Draft;
  readonly isLost: boolean;
  /** no live values have come yet */
  readonly isWaiting: boolean;
  readonly blocked: string | null;
  readonly handlers: RowHandlers;
};

const rowsInChunk = 30;

export function BoardList(props: BoardListProps) {
  const { rows, draft } = props;
  const [filter, setFilter] = useState("");
  const shown = rows.filter(({ backend, health }) => fitsFilter(backend, health, filter));
  const maxPct = gaugeMaxPct(
    rows.flatMap((row) => [
      row.plannedPct,
      row.runningPct,
      row.live?.programmedPct ?? 0,
      row.live?.observed?.sharePct ?? 0,
    ]),
  );
  const shares = useMemo(() => draftShares(draft), [draft]);
  return (
    <div className={styles.wrap}>
      {rows.length < filterFrom ? null : (
        <div className="mb-2 flex justify-end">
          <BackendFilter value={filter} onChange={setFilter} shown={shown.length} all={rows.length} />
        </div>
      )}
      <div className="rounded-3 border border-line bg-surface">
        <Head isShare={draft.mode === "share"} sliderMax={sliderMax(draft)} maxPct={maxPct} />
        {chunksOf(shown, rowsInChunk).map(({ from, items }) => (
          <RowChunk
            key={items[0]?.backend.id ?? from}
            label={chunkLabel(props.farmName, from, items.length, shown.length)}
            isBusy={props.isWaiting}
            count={items.length}
            isAlways={from === 0}
          >
            {() =>
              items.map((row) => (
                <WeightRow
                  key={row.backend.id}
                  row={row}
                  control={controlOf(draft, shares, row)}
                  gaugeMaxPct={maxPct}
                  isLost={props.isLost}
                  blocked={props.blocked}
                  handlers={props.handlers}
                />
              ))
            }
          </RowChunk>
        ))}
        {shown.length > 0 ? null : (
          <EmptyState
            title="No backend fits the filter"
            action={<Button onClick={() => setFilter("")}>Clear filter</Button>}
          />
        )}
        <Sum rows={rows} />
      </div>
    </div>
  );
}

/** Words and scales of the columns; each row carries them for screen readers. */
function Head({ isShare, sliderMax: end, maxPct }: { isShare: boolean; sliderMax: number; maxPct: number }) {
  return (
    <div aria-hidden className={clsx(styles.row, styles.head)}>
      <span className={styles.st}>State</span>
      <span className={styles.who}>Backend</span>
      <span className={clsx(styles.railCell, styles.scale)}>
        <span>0</span>
        <span>{isShare ? "Share, %" : "Weight"}</span>
        <span>{formatCount(end)}</span>
      </span>
      <span className={clsx(styles.stepCell, "text-center")}>{isShare ? "0 to 100" : "0 to 1,000"}</span>
      <span className={clsx(styles.plan, styles.num)}>Planned, %</span>
      <span className={clsx(styles.delta, styles.num)}>Change, pt</span>
      <span className={styles.gaugeCell}>
        <GaugeAxis maxPct={maxPct} />
      </span>
      <span className={clsx(styles.obs, styles.num)}>Observed, %</span>
      <span className={clsx(styles.conn, styles.num)}>Active</span>
      <span className={styles.act} />
    </div>
  );
}

function Sum({ rows }: { rows: readonly BoardRow[] }) {
  const takers = rows.filter((row) => row.plannedPct > 0);
  const families = new Set(takers.map((row) => row.family)).size;
  const planned = takers.reduce((sum, row) => sum + row.plannedPct, 0);
  const weights = takers.reduce((sum, row) => sum + row.weight, 0);
  const known = rows.flatMap(({ live }) => live?.active ?? []);
  const untracked = rows.find(({ live }) => live?.untracked !== undefined)?.live?.untracked;
  return (
    <div className={clsx(styles.row, styles.sum)}>
      <span className={clsx(styles.st, styles.wideSt)}>
        {takers.length} of {rows.length} serving
      </span>
      <span className={clsx(styles.railCell, styles.num)}>weights that serve</span>
      <span className={clsx(styles.stepCell, "text-center")}>
        <b>{formatCount(weights)}</b>
        <span className={styles.wide}> weight</span>
      </span>
      <span className={clsx(styles.plan, styles.num)} data-testid="planned-sum">
        <b>{(planned / Math.max(1, families)).toFixed(1)}</b>
        <span className={styles.unit}> % planned</span>
        {families > 1 ? <small className="block text-ink-3">in each family</small> : null}
      </span>
      <span className={clsx(styles.conn, styles.num)}>
        {untracked !== undefined ? (
          <ShortReason>{untracked}</ShortReason>
        ) : (
          <b>{known.length === 0 ? "-" : formatCount(known.reduce((sum, active) => sum + active, 0))}</b>
        )}
        <span className={styles.wide}> connections</span>
      </span>
    </div>
  );
}

function chunkLabel(farmName: string, from: number, count: number, all: number): string {
  return all <= rowsInChunk
    ? `Weights of ${farmName}`
    : `Weights of ${farmName}, ${from + 1} to ${from + count} of ${all}`;
}
