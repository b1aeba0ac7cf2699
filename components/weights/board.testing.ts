/** A farm and live rows for the tests of the board. */
import { farmSchema } from "@/server/core/farm/schema.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { BackendLive, FarmLive, ObservedShare } from "@/server/core/metrics/live.ts";

export function sampleFarm(weights: readonly number[], more: Readonly<Record<string, unknown>> = {}): Farm {
  return farmSchema.parse({
    id: uuid(0),
    name: "shop",
    addresses: ["192.168.0.40"],
    protocol: "tcp",
    ports: [80],
    backends: weights.map((weight, at) => ({
      id: uuid(at + 1),
      name: `web-${at + 1}`,
      address: `192.168.100.${10 + at}`,
      port: 80,
      weight,
    })),
    ...more,
  });
}

export function sampleLive(farm: Farm, of: (at: number) => Partial<BackendLive>): FarmLive {
  const backends = farm.backends.map((backend, at) => ({ ...quiet, backendId: backend.id, ...of(at) }));
  return { farmId: farm.id, at: 1_000_000, backends } as unknown as FarmLive;
}

export function sampleObserved(more: Partial<ObservedShare>): ObservedShare {
  return { sharePct: 50, bandPct: 2.04, connections: 2400, sinceMs: 0, verdict: "in-band", ...more };
}

const quiet = { adminState: "active", health: "unknown", reason: null, observed: null, active: 0 } as const;

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}
