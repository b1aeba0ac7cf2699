/**
 * From what was measured to the costs that the controller compares: numbers above 0 of one unit, where a small difference that means
 * nothing stays small. Values: open connections (a count), time to answer (ms), load (percent of CPU), wanted (percent of its weight
 * that a backend asks for).
 */
import type { Dynamic } from "../farm/dynamic.ts";
import type { Farm } from "../farm/types.ts";
import type { DynamicSettings } from "./controller.ts";

export type Measure = "connections" | "response" | "load" | "wanted";

/** `value` null: not known. */
export type Valued = { readonly weight: number; readonly value: number | null };

type Steered = Pick<Farm, "scheduler" | "dynamic" | "healthCheck">;

/** null = nothing is measured for this farm: its weights stay fixed. */
export function measureOf({ scheduler, dynamic, healthCheck }: Steered): Measure | null {
  if (scheduler === "least-connections") return "connections";
  if (scheduler === "least-response") return "response";
  if (scheduler !== "least-load") return null;
  if (dynamic.load === null) return healthCheck?.type === "agent" ? "wanted" : null;
  return dynamic.load.type === "agent" ? "wanted" : "load";
}

/**
 * Connections and load follow the share itself (half the share, half of them), so a gain of 1 would stop half way. More is nearer
 * to equal and swings sooner; these were chosen in the simulations beside. A time to answer hardly follows the share.
 */
const gains: Record<Measure, number> = { connections: 4, response: 1, load: 1.5, wanted: 1 };

export function settingsOf(measure: Measure, { floorPct, ceilingPct }: Dynamic): DynamicSettings {
  return {
    floor: floorPct / 100,
    ceiling: ceilingPct / 100,
    gain: gains[measure],
    reference: measure === "wanted" ? "one" : "others",
  };
}

/** In the order of the values. */
export function costsOf(measure: Measure, values: readonly Valued[]): (number | null)[] {
  if (measure === "connections") return connectionCosts(values);
  return values.map(({ value }) => (value === null ? null : costOf(measure, Math.max(0, value))));
}

/** below this a difference is the network's and the scheduler's of the host, not the backend's */
const responseFloorMs = 0.5;
/** an idle machine is not five times as good as one that is at 5 % */
const loadFloorPct = 30;
const connectionsFloor = 5;
/** differences within so many standard deviations of a count are chance */
const noiseSigmas = 2;

function costOf(measure: Exclude<Measure, "connections">, value: number): number {
  if (measure === "wanted") return 100 / Math.max(1, value);
  return measure === "response" ? value + responseFloorMs : value + loadFloorPct;
}

/**
 * Against what would be open by the weights alone. A count of N swings by its root without any reason, so that much is taken
 * off the difference: with few connections nothing moves, with many nearly all of the difference counts.
 */
function connectionCosts(values: readonly Valued[]): (number | null)[] {
  const expected = expectedConnections(values);
  return values.map(({ value }, at) => {
    const normal = expected[at] ?? null;
    if (value === null || normal === null) return null;
    const difference = value - normal;
    const beyond = Math.max(0, Math.abs(difference) - noiseSigmas * Math.sqrt(normal));
    return (normal + Math.sign(difference) * beyond + connectionsFloor) / (normal + connectionsFloor);
  });
}

/** What each would have open if all that are open were spread by weight; null where nothing is known. */
export function expectedConnections(values: readonly Valued[]): (number | null)[] {
  const known = values.filter(({ value }) => value !== null);
  const open = known.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  return values.map(({ value, weight }) => (value === null || weights === 0 ? null : (open * weight) / weights));
}
