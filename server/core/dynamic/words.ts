/** Why a measured weight is what it is, in words of people: "p95 48 ms against 12 ms". Pure. */
import { expectedConnections, type Measure, type Valued } from "./costs.ts";
import type { Tail } from "./spread.ts";

/** What one is told of beside the value that steers: its p95 to open, and to answer its check, against the others; null = too few times. */
export type Tails = {
  readonly open: Tail | null;
  readonly answer: Tail | null;
  /** which statistic the value is */
  readonly typical: "median" | "geometric mean" | "sum of both medians" | "sum of mean opening and median answer";
};

/**
 * What was measured of the one at `at`, against the others; null while one of both is not known. Asked of many, so sums are made once. Who is
 * silent is no part of "the others" and still has a part in the factor, so it is named.
 */
export function comparisons(measure: Measure, values: readonly Valued[]): (at: number, tails?: Tails) => string | null {
  const known = values.filter(({ value }) => value !== null).length;
  const expected = measure === "connections" ? expectedConnections(values) : [];
  const all = logSums(values);
  const silent = values.length - known;
  const besides = silent === 0 || measure === "wanted" ? "" : `; ${silent} of ${values.length} not measured lately`;
  return (at, tails) => {
    const text = comparisonOf(at, tails);
    return text === null ? null : `${text}${besides}`;
  };
  function comparisonOf(at: number, tails: Tails | undefined): string | null {
    const own = values[at]?.value ?? null;
    if (own === null) return null;
    if (measure === "wanted") return `asks for ${Math.round(own)} % of its weight`;
    if (known < 2) return null;
    if (measure === "connections")
      return `${own} open connections against ${Math.round(expected[at] ?? 0)} by its weight`;
    const others = meanWithout(all, values[at]);
    if (measure === "load") return `CPU ${Math.round(own)} % against ${Math.round(others)} %`;
    return responseWords(own, others, tails);
  }
}

/** The p95 is what clients feel, and what steers is what chance moves less: where the two are not the same, both are named. */
function responseWords(ownMs: number, othersMs: number, tails: Tails | undefined): string {
  const said = tails === undefined ? [] : [tails.answer, tails.open].filter((tail) => tail !== null);
  const [first, second] = said;
  if (tails === undefined || first === undefined) return against(ownMs, othersMs);
  const steered = `steered by the ${tails.typical} ${against(ownMs, othersMs)}`;
  if (second !== undefined)
    return `p95 ${against(first.ownMs, first.othersMs)} to answer its check, ${against(second.ownMs, second.othersMs)} to open; ${steered}`;
  const p95 = `p95 ${against(first.ownMs, first.othersMs)}`;
  return isSame(first.ownMs, ownMs) && isSame(first.othersMs, othersMs) ? p95 : `${p95}; ${steered}`;
}

/** a p95 is as exact as its bucket */
const sameRatio = 1.05;

function isSame(aMs: number, bMs: number): boolean {
  return Math.abs(Math.log(Math.max(aMs, 0.01) / Math.max(bMs, 0.01))) < Math.log(sameRatio);
}

function against(ownMs: number, othersMs: number): string {
  return `${milliseconds(ownMs)} against ${milliseconds(othersMs)}`;
}

/** "web-2 31 % to 24 %: p95 48 ms against 12 ms" */
export function weightEvent(name: string, fromPct: number, toPct: number, why: string): string {
  return `${name} ${Math.round(fromPct)} % to ${Math.round(toPct)} %: ${why}`;
}

/** Why a weight stays what it is although its scheduler measures. `known` of `all` that serve are measured now. */
export function heldReason(
  measure: Measure,
  { known, all, factor }: { readonly known: number; readonly all: number; readonly factor: number },
): string {
  if (all === 1 && measure !== "wanted") return "it serves alone: nothing to compare it with";
  if (factor !== 1) return "nothing measured lately";
  if (known > 0) return "not measured lately";
  return { connections: "connections are not known yet", response: "no latency known yet", load, wanted: load }[
    measure
  ];
}

const load = "no load known yet";

/** Of a farm for which nothing is measured. */
export const fixedReason = "load source not set";

function milliseconds(ms: number): string {
  if (ms >= 9.95) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms >= 1 ? 1 : 2)} ms`;
}

type LogSums = { readonly weights: number; readonly logs: number };

/** Of the logarithms, by weight: what the controller holds it against, without the backend itself. */
function meanWithout(all: LogSums, own: Valued | undefined): number {
  const { weights, logs } = logSums(own === undefined ? [] : [own]);
  return Math.exp((all.logs - logs) / (all.weights - weights));
}

function logSums(values: readonly Valued[]): LogSums {
  let weights = 0;
  let logs = 0;
  for (const { weight, value } of values) {
    if (value === null) continue;
    weights += weight;
    logs += weight * Math.log(Math.max(value, 0.01));
  }
  return { weights, logs };
}
