/**
 * When results go out. Good ones wait for each other; a bad one, and a good one soon after a bad one, goes at once: the agent counts them,
 * and clients wait for what it concludes. What stays bad is no news any more.
 */
import type { ProbeResult } from "../wire/prober.ts";

export type Reports = {
  /** `calm`: results alike in a row before this one */
  add(result: ProbeResult, calm: number): void;
  /** sends what has waited long enough */
  tick(nowMs: number): void;
};

export type ReportsDeps = {
  readonly report: (results: readonly ProbeResult[]) => void;
  readonly nowMs: () => number;
  /** after what is being done now, so that what fails together goes together */
  readonly soon: (run: () => void) => void;
};

const everyMs = 200;
/** as many as rise and fall may ask for */
const newsMax = 100;

export function createReports({ report, nowMs, soon }: ReportsDeps): Reports {
  let waiting: ProbeResult[] = [];
  let sentMs = nowMs();
  let isSoon = false;

  function send(): void {
    isSoon = false;
    if (waiting.length === 0) return;
    const ready = waiting;
    waiting = [];
    sentMs = nowMs();
    report(ready);
  }

  return {
    add(result, calm) {
      waiting.push(result);
      if (calm >= newsMax || isSoon) return;
      isSoon = true;
      soon(send);
    },
    tick(now) {
      if (now - sentMs >= everyMs) send();
    },
  };
}
