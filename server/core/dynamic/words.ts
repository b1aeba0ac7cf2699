/** Why a measured weight is what it is, in words of people: "48 ms against 12 ms". Pure. */
import { expectedConnections, type Measure, type Valued } from "./costs.ts";

/** What the time to answer is made of, for the words. */
export type ResponseSource = "traffic" | "probe" | "check";

/** What was measured of the one at `at`, against the others. null while one of both is not known. */
export function comparison(measure: Measure, values: readonly Valued[], at: number): string | null {
  const own = values[at]?.value ?? null;
  if (own === null) return null;
  if (measure === "wanted") return `asks for ${Math.round(own)} % of its weight`;
  const against = measure === "connections" ? (expectedConnections(values)[at] ?? null) : meanOfOthers(values, at);
  if (against === null) return null;
  if (measure === "connections") return `${own} open connections against ${Math.round(against)} by its weight`;
  if (measure === "load") return `CPU ${Math.round(own)} % against ${Math.round(against)} %`;
  return `${milliseconds(own)} against ${milliseconds(against)}`;
}

/** "web-2 31 % to 24 %: 48 ms against 12 ms" */
export function weightEvent(name: string, fromPct: number, toPct: number, why: string): string {
  return `${name} ${Math.round(fromPct)} % to ${Math.round(toPct)} %: ${why}`;
}

export function milliseconds(ms: number): string {
  if (ms >= 10) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms >= 1 ? 1 : 2)} ms`;
}

/** Of the logarithms, by weight: what the controller holds it against, without the backend itself. */
function meanOfOthers(values: readonly Valued[], at: number): number | null {
  let weights = 0;
  let sum = 0;
  for (const [index, { weight, value }] of values.entries()) {
    if (index === at || value === null || weight <= 0) continue;
    weights += weight;
    sum += weight * Math.log(Math.max(value, 0.01));
  }
  return weights === 0 ? null : Math.exp(sum / weights);
}
