/** Rows for the tests of this folder. */
import type { BalancerLive, FarmLive, LiveEvent } from "../core/metrics/live.ts";
import { protocolVersion } from "../wire/agent.ts";
import type { StreamMessage } from "../wire/stream.ts";

export const farmA = "00000000-0000-4000-8000-00000000000a";
export const farmB = "00000000-0000-4000-8000-00000000000b";

export function farmLive(farmId: string, newPerS: number, at = 0): FarmLive {
  const counts = { newPerS, active: 0, bytesInPerS: 0, bytesOutPerS: 0 };
  return {
    farmId,
    at,
    word: "up",
    reason: null,
    serving: 1,
    total: 1,
    ...counts,
    connect: null,
    vips: [],
    hints: [],
    turnedAway: [],
    logPrefix: null,
    backends: [],
  };
}

export function balancer(at: number): BalancerLive {
  return { at, newPerS: 0, active: 0, bytesInPerS: 0, bytesOutPerS: 0, conntrack: null, activeEveryS: 1 };
}

export function hello(
  farms: readonly FarmLive[],
  protocol = protocolVersion,
  bootId = "boot",
  events: readonly LiveEvent[] = [],
): StreamMessage {
  const place = { epoch: 1, n: 3, digest: "d", farms: farms.length, backends: 0, sync: "in-sync" } as const;
  const host = { hostname: "lb", kernel: "6.1", nft: "1.0.6", lab: true };
  const life = { protocol, version: "0.1.0", bootId, startedAt: 0, at: 0 };
  const status = {
    ...life,
    ...place,
    isIncomplete: false,
    processes: [],
    host,
    features: [],
    conntrackMax: null,
    findings: [],
    drift: null,
  };
  return { type: "hello", protocol, status, balancer: balancer(0), farms, events };
}

export function tick(farms: readonly FarmLive[], removed: readonly string[] = [], at = 1): StreamMessage {
  return { type: "tick", at, balancer: balancer(at), farms, removed };
}
