import clsx from "clsx";
import type { CSSProperties } from "react";
import styles from "./bars.module.css";

export type Segment = {
  readonly backendId: string;
  readonly name: string;
  readonly series: string;
  readonly pct: number;
};

type BarsProps = {
  observed: readonly Segment[];
  observedNote: string;
  /** in place of the bar while there is none */
  observedEmpty: string;
  running: readonly Segment[];
  runningNote: string;
  planned: readonly Segment[];
  plannedNote: string;
  hasEdits: boolean;
};

/** Observed, running and planned shares on one scale, connected where the plan moves them. */
export function ShareBars(props: BarsProps) {
  return (
    <div className={styles.bars}>
      <Label title="Observed" note={props.observedNote} />
      <SegmentBar name="Observed" segments={props.observed} empty={props.observedEmpty} />
      <span className={clsx(styles.pad, styles.gap)} />
      <span className={styles.pad} />
      <Label title="Running" note={props.runningNote} />
      <SegmentBar name="Running" segments={props.running} empty="no backend takes new connections" />
      <span className={styles.pad} />
      <Flow from={props.running} to={props.planned} />
      <Label title="Planned" note={props.plannedNote} />
      <div className={clsx(props.hasEdits && styles.plan)}>
        <SegmentBar name="Planned" segments={props.planned} empty="no backend would take new connections" settles />
      </div>
      <span className={styles.pad} />
      <span className={styles.axis} aria-hidden="true">
        {[0, 25, 50, 75, 100].map((pct) => (
          <span key={pct} style={{ left: `${pct}%` }}>
            {pct === 100 ? "100 %" : pct}
          </span>
        ))}
      </span>
    </div>
  );
}

function Label({ title, note }: { title: string; note: string }) {
  return (
    <div className={styles.label}>
      <b>{title}</b>
      <small>{note}</small>
    </div>
  );
}

type SegmentBarProps = { name: string; segments: readonly Segment[]; empty: string; settles?: boolean };

function SegmentBar({ name, segments, empty, settles = false }: SegmentBarProps) {
  const shown = segments.filter((segment) => segment.pct > 0);
  if (shown.length === 0) return <div className={styles.empty}>{empty}</div>;
  const spoken = shown.map((segment) => `${segment.name} ${segment.pct.toFixed(1)} percent`).join(", ");
  return (
    <div className={clsx(styles.bar, settles && styles.settles)} role="img" aria-label={`${name}: ${spoken}`}>
      {shown.map((segment) => (
        <div
          key={segment.backendId}
          data-s={segment.series}
          className="hatched"
          style={{ "--v": segment.pct } as CSSProperties}
          title={`${segment.name} ${segment.pct.toFixed(1)} %`}
        >
          <span className={styles.text}>
            <span className={styles.name}>{segment.name}</span>
            {segment.pct.toFixed(1)}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The same backend's segment in both bars joined by a tapering area: what goes where. */
function Flow({ from, to }: { from: readonly Segment[]; to: readonly Segment[] }) {
  const after = new Map(to.map((segment) => [segment.backendId, segment.pct]));
  let top = 0;
  let bottom = 0;
  const areas = from.map((segment) => {
    const next = after.get(segment.backendId) ?? 0;
    const points = `${top},0 ${top + segment.pct},0 ${bottom + next},16 ${bottom},16`;
    top += segment.pct;
    bottom += next;
    return { ...segment, points };
  });
  return (
    <svg className={styles.flow} viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      {areas.map((area) => (
        <polygon key={area.backendId} data-s={area.series} points={area.points} />
      ))}
    </svg>
  );
}
