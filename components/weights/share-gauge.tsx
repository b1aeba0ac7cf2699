import type { CSSProperties } from "react";
import styles from "./gauge.module.css";

type GaugeProps = {
  /** end of the scale, the same for every row of a board */
  maxPct: number;
  programmedPct: number;
  plannedPct: number;
  observedPct: number | null;
  /** half width of the 95 % band around the programmed share; null = nothing counted yet */
  bandPct: number | null;
};

/** One row's share on the board's common scale. A picture of numbers that stand beside it, so hidden from readers. */
export function ShareGauge({ maxPct, programmedPct, plannedPct, observedPct, bandPct }: GaugeProps) {
  const moves = Math.abs(plannedPct - programmedPct) >= 0.05;
  return (
    <div className={styles.gauge} style={vars({ max: maxPct, cells: cellsOf(maxPct) })} aria-hidden="true">
      <span className={styles.trough}>
        <i className={styles.level} style={vars({ v: Math.min(programmedPct, maxPct) })} />
      </span>
      {bandPct !== null && programmedPct > 0 ? (
        <i
          className={styles.band}
          style={vars({
            from: Math.max(0, programmedPct - bandPct),
            to: Math.min(maxPct, programmedPct + bandPct),
          })}
        />
      ) : null}
      {moves ? <i className={styles.gate} style={vars({ v: Math.min(plannedPct, maxPct) })} /> : null}
      {observedPct !== null ? (
        <i className={styles.observed} style={vars({ v: Math.min(observedPct, maxPct) })} />
      ) : null}
    </div>
  );
}

export function GaugeAxis({ maxPct }: { maxPct: number }) {
  const steps = maxPct === 100 ? 2 : 3;
  return (
    <span className={styles.axis} aria-hidden="true">
      {Array.from({ length: steps + 1 }, (_, index) => (maxPct / steps) * index).map((pct) => (
        <span key={pct} style={{ left: `${(pct * 100) / maxPct}%` }}>
          {pct}
          {pct === maxPct ? " %" : ""}
        </span>
      ))}
    </span>
  );
}

export function GaugeKey() {
  return (
    <div className={styles.key}>
      <span>
        <i className={styles.keyLevel} />
        programmed
      </span>
      <span>
        <i className={styles.keyBand} />
        95 % band
      </span>
      <span>
        <i className={styles.keyObserved} />
        observed
      </span>
      <span>
        <i className={styles.keyGate} />
        planned
      </span>
    </div>
  );
}

/** The smallest end that holds every share, so that those of hundreds of backends stay readable. */
export function gaugeMaxPct(shares: readonly number[]): number {
  const most = Math.max(0, ...shares);
  return [1.5, 3, 6, 15, 30, 60].find((candidate) => most <= candidate * 0.9) ?? 100;
}

function cellsOf(maxPct: number): number {
  return maxPct === 100 ? 4 : maxPct === 60 ? 6 : 3;
}

function vars(values: Readonly<Record<string, number>>): CSSProperties {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${name}`, value])) as CSSProperties;
}
