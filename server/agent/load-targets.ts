/** Whom the prober asks how busy it is: every backend of a farm that goes by load, whether it serves now or not. */
import type { Farm } from "../core/farm/types.ts";
import type { ProbeTarget } from "../wire/prober.ts";
import { probeKey } from "./probe-keys.ts";
import { loadIntervalMs } from "./weigh-readings.ts";

const timeoutMs = 1500;

/** `ids`: the kernel's numbers by index of the farm's backends; 0 = none. */
export function loadTargets(farm: Farm, ids: readonly number[]): ProbeTarget[] {
  const { load } = farm.dynamic;
  if (load === null || !farm.enabled || farm.scheduler !== "least-load") return [];
  return farm.backends.flatMap(({ address }, index): ProbeTarget[] => {
    const id = ids[index] ?? 0;
    if (id === 0) return [];
    const probe = { what: "load", source: load } as const;
    return [{ key: probeKey(id, "load"), address, port: load.port, intervalMs: loadIntervalMs, timeoutMs, probe }];
  });
}
