/** The strip of totals, from farms and their live rows. Pure. null = not known yet. */
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { FarmBrief } from "./farm-brief.ts";
import { gatesOf } from "./farm-brief.ts";

export type Totals = {
  readonly farms: number;
  readonly farmsServing: number | null;
  readonly farmsDown: number;
  readonly farmsStopped: number;
  readonly backends: number;
  readonly backendsServing: number | null;
  readonly backendsDown: number | null;
  readonly farmsWithDown: number;
  readonly draining: number;
  readonly maintenance: number;
  readonly zeroWeight: number;
};

export function totalsOf(farms: readonly FarmBrief[], rows: ReadonlyMap<string, FarmRow> | null): Totals {
  let farmsServing = 0;
  let farmsDown = 0;
  let backendsServing = 0;
  let backendsDown = 0;
  let farmsWithDown = 0;
  const states = { draining: 0, maintenance: 0, "zero-weight": 0 };
  for (const farm of farms) {
    const row = rows?.get(farm.id) ?? null;
    const gates = gatesOf(farm, row);
    const down = farm.enabled ? gates.filter((gate) => gate === "down").length : 0;
    for (const gate of gates) if (gate in states) states[gate as keyof typeof states] += 1;
    backendsDown += down;
    if (down > 0) farmsWithDown += 1;
    if (row === null || !farm.enabled) continue;
    backendsServing += row.serving;
    if (row.serving > 0) farmsServing += 1;
    else if (row.word === "down") farmsDown += 1;
  }
  return {
    farms: farms.length,
    farmsServing: rows === null ? null : farmsServing,
    farmsDown,
    farmsStopped: farms.filter((farm) => !farm.enabled).length,
    backends: farms.reduce((sum, farm) => sum + farm.backends.length, 0),
    backendsServing: rows === null ? null : backendsServing,
    backendsDown: rows === null ? null : backendsDown,
    farmsWithDown,
    draining: states.draining,
    maintenance: states.maintenance,
    zeroWeight: states["zero-weight"],
  };
}
