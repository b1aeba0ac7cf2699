/** What is known of one backend over time, put together from who knows it. */
import { memberKey } from "../core/allocation/allocation.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { BackendMonitor, CheckEntry } from "../wire/monitor.ts";
import type { Checks } from "./checks.ts";
import type { Latency } from "./latency.ts";
import type { State } from "./plan.ts";
import type { TrafficLatency } from "./traffic-latency.ts";

export type Monitor = {
  of(farmId: string, backendId: string): Result<BackendMonitor>;
  checkNow(farmId: string, backendId: string): Promise<Result<CheckEntry>>;
};

export type MonitorDeps = {
  readonly state: () => State;
  readonly checks: Pick<Checks, "history" | "test">;
  readonly latency: Pick<Latency, "times">;
  readonly traffic: Pick<TrafficLatency, "times">;
  readonly weights: (farmId: string, backendId: string) => BackendMonitor["weights"];
  readonly now: () => number;
};

export function createMonitor({ state, checks, latency, traffic, weights, now }: MonitorDeps): Monitor {
  function markOf(farmId: string, backendId: string): number | null {
    const { desired, allocation } = state();
    const backend = desired.farms.get(farmId)?.farm.backends.find(({ id }) => id === backendId);
    return backend === undefined ? null : (allocation.farms.get(farmId)?.ids.get(memberKey(backend)) ?? 0);
  }

  return {
    of(farmId, backendId) {
      const markId = markOf(farmId, backendId);
      if (markId === null) return missing();
      const probeTimes = latency.times(markId, now());
      const trafficTimes = traffic.times(markId, now());
      return ok({
        farmId,
        backendId,
        ...checks.history(farmId, backendId),
        ...(probeTimes === null ? {} : { probeTimes }),
        ...(trafficTimes === null ? {} : { trafficTimes }),
        weights: weights(farmId, backendId),
      });
    },
    checkNow: async (farmId, backendId) =>
      markOf(farmId, backendId) === null ? missing() : checks.test(farmId, backendId),
  };
}

function missing() {
  return fail("not-found", "There is no such backend.");
}
