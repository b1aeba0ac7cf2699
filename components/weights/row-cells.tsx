import clsx from "clsx";
import Link from "next/link";
import { backendHref } from "@/components/farm-live/farm-text.ts";
import { ShortReason } from "@/components/ui/data-table.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { BackendStatus, StatusText } from "@/components/ui/status-text.tsx";
import { backendWords } from "@/components/ui/status-words.ts";
import styles from "./board.module.css";
import { type BoardRow, verdictText } from "./board-model.ts";
import { ShareGauge } from "./share-gauge.tsx";
import { stateNote } from "./state-note.ts";

type StateCellProps = { readonly row: BoardRow; readonly isLost: boolean };

export function StateCell({ row, isLost }: StateCellProps) {
  const { adminState } = row.backend;
  if (isLost) {
    return (
      <div className={clsx(styles.st, styles.two)}>
        <StatusText kind="unknown">Unknown</StatusText>
        <small>was {backendWords(adminState, row.health)}</small>
      </div>
    );
  }
  const second = stateNote(row);
  return (
    <div className={clsx(styles.st, styles.two)}>
      <BackendStatus adminState={adminState} health={row.health} />
      <small title={second}>{second}</small>
    </div>
  );
}

export function WhoCell({ row }: { readonly row: BoardRow }) {
  const { name, address, port } = row.backend;
  const host = address.includes(":") && port !== null ? `[${address}]` : address;
  return (
    <div className={styles.who}>
      <span aria-hidden className="sw" />
      <div className={styles.two}>
        <b className="font-medium" title={name}>
          <Link href={backendHref(row.farmId, row.backend.id)} prefetch={false} className="rounded-1 hover:text-accent">
            {name}
          </Link>
        </b>
        <small className={styles.address} title={address}>
          {port === null ? address : `${host}:${port}`}
        </small>
      </div>
    </div>
  );
}

/** Planned share with its slots, and the change against what runs: a triangle in ink, since more is not better. */
export function PlannedCell({ row }: { readonly row: BoardRow }) {
  const points = row.plannedPct - row.runningPct;
  return (
    <>
      <div className={clsx(styles.plan, styles.two, styles.num)}>
        <span className="sr-only">Planned </span>
        <span className={styles.big}>{row.plannedPct.toFixed(1)}</span>
        <span className={styles.unit}> %</span>
        <small>{plannedNote(row)}</small>
      </div>
      <div className={styles.delta}>
        <span className="sr-only">Change </span>
        {Math.abs(points) < 0.05 ? (
          <span className="zero">0.0</span>
        ) : (
          <>
            <svg viewBox="0 0 9 9" role="img" aria-label={points > 0 ? "up" : "down"}>
              <path d={points > 0 ? "M4.5 1 8.5 8H.5z" : "M4.5 8 .5 1h8z"} />
            </svg>
            {Math.abs(points).toFixed(1)}
            <span className="sr-only"> points</span>
          </>
        )}
      </div>
    </>
  );
}

type ShareCellsProps = { readonly row: BoardRow; readonly gaugeMaxPct: number; readonly isLost: boolean };

/** The gauge, the observed share with its verdict, and the connections open now. */
export function ShareCells({ row, gaugeMaxPct, isLost }: ShareCellsProps) {
  const observed = row.live?.observed ?? null;
  const active = row.live?.active ?? null;
  const isEnough = observed !== null && observed.verdict !== "few";
  return (
    <>
      <div className={clsx(styles.gaugeCell, isLost && "lost-hatch")}>
        <ShareGauge
          maxPct={gaugeMaxPct}
          programmedPct={row.live?.programmedPct ?? row.runningPct}
          plannedPct={row.plannedPct}
          observedPct={observed?.sharePct ?? null}
          bandPct={isEnough ? observed.bandPct : null}
        />
      </div>
      <div className={clsx(styles.obs, styles.two, styles.num)}>
        <span className={styles.wide}>Observed, % </span>
        {observed === null ? <Unknown why={row.live?.untracked} /> : observed.sharePct.toFixed(1)}
        {row.live?.untracked === undefined ? <small>{verdictText(row, isLost)}</small> : null}
      </div>
      <div className={clsx(styles.conn, styles.num, active === 0 && "zero")}>
        {active === null ? <Unknown why={row.live?.untracked} /> : formatCount(active)}
        <span className={styles.wide}> connections</span>
      </div>
    </>
  );
}

function Unknown({ why }: { readonly why: string | undefined }) {
  if (why !== undefined) return <ShortReason>{why}</ShortReason>;
  return (
    <>
      <span aria-hidden className="zero">
        -
      </span>
      <span className="sr-only">not known</span>
    </>
  );
}

function plannedNote(row: BoardRow): string {
  if (row.ifServingPct === null)
    return row.programmedPct === null ? slotsText(row.slots) : `${row.programmedPct.toFixed(1)} programmed`;
  const when = row.backend.adminState === "active" ? "when up" : "on resume";
  return `${row.ifServingPct.toFixed(1)} ${when}`;
}

/** The word gives way when the numbers are long: the head line of the bars says slots too. */
function slotsText({ own, all }: BoardRow["slots"]): string {
  if (all === 0) return "no slots";
  const numbers = `${formatCount(own)} of ${formatCount(all)}`;
  return numbers.length > 9 ? numbers : `${numbers} ${all === 1 ? "slot" : "slots"}`;
}
