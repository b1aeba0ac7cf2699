/**
 * From farms to steady traffic: which places get how many new connections a second. Bounded in all (50 to 200 a second), whatever
 * farms the administrator makes; the lab's own farms have their own pace, others share what is left.
 */
import type { Operation } from "../core/change/operation.ts";
import { portRanges } from "../core/farm/ports.ts";
import type { Farm } from "../core/farm/types.ts";
import type { Target } from "./messages.ts";
import { isLabVip } from "./places.ts";

const rateMaxPerS = 180;
const otherFarmPerS = 12;
const farmRates: Readonly<Record<string, number>> = {
  "round-robin": 30,
  weighted: 36,
  multiport: 24,
  ipv6: 18,
  udp: 18,
};
const placesPerFarmMax = 4;

/** VIPs of enabled farms that lie in the clients' own network. */
export function vipsOf(farms: readonly Farm[]): Set<string> {
  return new Set(farms.flatMap((farm) => farm.addresses).filter(isLabVip));
}

export function aimAt(farms: readonly Farm[]): Target[] {
  const targets = farms.filter((farm) => farm.enabled).flatMap(targetsOf);
  const wanted = targets.reduce((sum, target) => sum + target.ratePerS, 0);
  const scale = wanted > rateMaxPerS ? rateMaxPerS / wanted : 1;
  return targets.map((target) => ({ ...target, ratePerS: target.ratePerS * scale }));
}

/** Whether traffic goes elsewhere after it: weights, states and lists move no VIP. */
export function movesTraffic({ type }: Operation): boolean {
  return type === "put-farm" || type === "remove-farm" || type === "set-enabled";
}

function targetsOf(farm: Farm): Target[] {
  const protocol = farm.protocol === "udp" ? "udp" : farm.protocol === "sctp" ? null : "tcp";
  if (protocol === null) return [];
  const ports = farm.ports.length === 0 ? [80] : portRanges(farm.ports).map((range) => range.from);
  const places = farm.addresses
    .filter(isLabVip)
    .flatMap((address) => ports.map((port) => ({ address, port, protocol }) as const))
    .slice(0, placesPerFarmMax);
  const ratePerS = (farmRates[farm.name] ?? otherFarmPerS) / Math.max(1, places.length);
  return places.map((place) => ({ ...place, ratePerS }));
}
