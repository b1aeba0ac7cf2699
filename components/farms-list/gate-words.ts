/** What posts say, in words. Pure. */
import type { Gate } from "@/components/overview/farm-brief.ts";

export const gateWords: Record<Gate, string> = {
  up: "serving",
  degraded: "serving, degraded",
  unknown: "not checked or not known",
  down: "down",
  waiting: "waits for a lower tier to fail",
  aside: "set aside",
  draining: "draining",
  maintenance: "maintenance",
  "zero-weight": "weight 0",
};

/** in the order in which they stand in a row */
export const gateKinds: readonly Gate[] = [
  ...(["up", "degraded", "unknown", "waiting", "aside"] as const),
  ...(["down", "draining", "maintenance", "zero-weight"] as const),
];

/** "3 serving, 1 down" */
export function gatesText(gates: readonly Gate[]): string {
  return gateKinds
    .map((kind) => ({ kind, count: gates.filter((gate) => gate === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${gateWords[kind]}`)
    .join(", ");
}
