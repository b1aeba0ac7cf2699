/** The live row of one farm from two rounds of counters, a conntrack dump and the probes. Pure but for the farm's own window. */

import { isTracked } from "../core/farm/forwarding.ts";
import type { Family, Farm } from "../core/farm/types.ts";
import { conditionOf } from "../core/health/condition.ts";
import {
  type BackendLive,
  type FarmLive,
  type MapFill,
  notTracked,
  type ObservedShare,
  type TurnedAway,
  type VipState,
  type WeightFactors,
} from "../core/metrics/live.ts";
import { observedShare } from "../core/metrics/observed.ts";
import { increment, sumKnown } from "../core/metrics/rates.ts";
import { addShares, windowMs } from "../core/metrics/share-window.ts";
import { activeReasons, denialNumber, logPrefix, turnedNumber } from "../core/ruleset/turned.ts";
import { checkedRow, farmState, panicOf, postsOfFarm, reasonOf, weightsOf } from "./check-rows.ts";
import type { Tracker } from "./check-tracker.ts";
import type { Checks } from "./checks.ts";
import type { ConntrackDump } from "./conntrack.ts";
import type { CounterRound, Readings } from "./counters.ts";
import type { Conditions } from "./effective-memo.ts";
import type { FarmTrack } from "./farm-track.ts";
import type { Latency } from "./latency.ts";
import type { TrafficLatency } from "./traffic-latency.ts";
import { farmHints, type HostFacts, type Interface, vipState } from "./vips.ts";
import type { Weigher } from "./weigher.ts";

export type LiveInput = {
  readonly atMs: number;
  readonly before: CounterRound | null;
  readonly now: CounterRound | null;
  readonly dump: ConntrackDump | null;
  readonly latency: Latency;
  /** what real connections say */
  readonly traffic: Pick<TrafficLatency, "of" | "openedOf" | "farm">;
  /** how a backend's weight follows what is measured; null = it does not */
  readonly weightOf: Weigher["of"];
  /** what of its weight its own agent asks for; null = all of it */
  readonly wishOf: (farmId: string, backendId: string) => NonNullable<WeightFactors["wish"]> | null;
  /** why a backend is out though its checks are good; null = it is not */
  readonly outOf: (farmId: string, backendId: string) => NonNullable<BackendLive["out"]> | null;
  /** false: the prober is gone for so long that what it said is not true any more */
  readonly hasProber: boolean;
  readonly conditions: Conditions;
  readonly checks: Pick<Checks, "of" | "panic">;
  readonly facts: HostFacts;
  readonly interfaces: readonly Interface[] | null;
  /** entries of the farm's own map of remembered clients; null = it has none, or it was not counted yet */
  readonly stickyFill: (farmId: string) => MapFill | null;
  /** what the rules of others do to a farm, in sentences */
  readonly foreignTrouble: (farmId: string) => readonly string[];
  /** why it is out though its checks are good, and how its drain goes */
  readonly outOfService: (backendId: string) => Pick<BackendLive, "out" | "drain">;
};

const routedWindowMs = 300_000;

export function farmLive(track: FarmTrack, input: LiveInput): FarmLive {
  const { farm } = track;
  const isCounted = isTracked(farm);
  const grown = track.ids.map((id, index) => (isCounted ? freshIncrement(track, index, id, input) : null));
  addShares(track.window, input.atMs, isAfterChange(track, input) ? grown : []);
  noteArrivals(track, isCounted ? grown : arrivedPackets(track, input), input.atMs);
  const totals = familyTotals(track);
  const backends = farm.backends.map((_, index) => backendLive(track, index, grown[index] ?? null, totals, input));
  const { word, serving, total, reason, silent } = farmState(track, input);
  const newPerS = sumKnown(backends.map((backend) => backend.newPerS));
  const vips = vipStates(track, input);
  return {
    farmId: farm.id,
    at: input.atMs,
    word,
    reason,
    ...panicOf(track, input),
    ...(silent === undefined ? {} : { silent }),
    serving,
    total,
    ...postsOfFarm(track, input),
    newPerS,
    active: sumKnown(backends.map((backend) => backend.active)),
    bytesInPerS: sumKnown(backends.map((backend) => backend.bytesInPerS)),
    bytesOutPerS: sumKnown(backends.map((backend) => backend.bytesOutPerS)),
    connect: input.hasProber ? input.latency.farmConnect(track.ids, input.atMs) : null,
    ...farmTraffic(track, input),
    vips,
    hints: farmHints(input.facts, {
      hasV4: farm.addresses.some((address) => !address.includes(":")),
      hasV6: farm.addresses.some((address) => address.includes(":")),
      isEnabled: farm.enabled,
      newPerS,
      unanswered: unansweredOf(track, input.dump),
      place: vips,
      foreign: input.foreignTrouble(farm.id),
    }),
    turnedAway: turnedAway(track, input),
    logPrefix: farm.policy.logPerSecond === null ? null : logPrefix(track.farmNumber),
    ...(isCounted ? {} : { untracked: notTracked }),
    backends,
    ...stickyAndSorry(track, input),
  };
}

function farmTraffic({ ids }: FarmTrack, input: LiveInput): Pick<FarmLive, "traffic"> {
  const traffic = input.traffic.farm(ids, input.atMs);
  return traffic === null ? {} : { traffic };
}

function stickyAndSorry({ farm, sorryId }: FarmTrack, input: LiveInput): Pick<FarmLive, "sticky" | "sorry"> {
  const sticky = input.stickyFill(farm.id);
  return {
    ...(sticky === null ? {} : { sticky }),
    ...(sorryId === null ? {} : { sorry: sorryLive(sorryId, input) }),
  };
}

function sorryLive(id: number, { before, now, dump }: LiveInput): NonNullable<FarmLive["sorry"]> {
  return {
    newPerS: rateOf(before?.fresh, now?.fresh, id, "packets"),
    active: dump === null ? null : (dump.active.get(id) ?? 0),
  };
}

function backendLive(
  track: FarmTrack,
  index: number,
  grown: number | null,
  totals: Readonly<Record<Family, number>>,
  input: LiveInput,
): BackendLive {
  const { farm, eff } = track;
  const backend = farm.backends[index];
  const id = track.ids[index] ?? 0;
  if (backend === undefined) throw new Error("a farm's track does not fit its backends");
  const { before, now, atMs } = input;
  const probe = input.latency.of(id);
  const tracker = input.checks.of(farm.id, backend.id);
  const elapsed = elapsedMs(before?.fresh, now?.fresh);
  const plannedPct = track.planned[index] ?? 0;
  const family = eff.backends[index]?.family ?? 4;
  const row: BackendLive = {
    backendId: backend.id,
    adminState: backend.adminState,
    health: conditionOf(input.conditions.of(farm.id), backend.id).health,
    reason: reasonOf(farm, index, { tracker, probe }, input),
    plannedPct,
    programmedPct: track.programmed[index] ?? 0,
    observed: observedOf(track, index, plannedPct, totals[family], atMs),
    newPerS: grown === null || elapsed === null ? null : (grown * 1000) / elapsed,
    active: activeOf(farm, id, input),
    packetsInPerS: rateOf(before?.towards, now?.towards, id, "packets"),
    packetsOutPerS: rateOf(before?.back, now?.back, id, "packets"),
    bytesInPerS: rateOf(before?.towards, now?.towards, id, "bytes"),
    bytesOutPerS: rateOf(before?.back, now?.back, id, "bytes"),
    connect: input.hasProber ? input.latency.connect(id, atMs) : null,
    lastProbeAt: probe === null || probe.lastAt === 0 ? null : probe.lastAt,
  };
  const more = sometimesKnown(farm, backend.id, id, tracker, input);
  // a copy by spreading has a shape of its own in V8, more than half a kilobyte for each of many thousand rows
  return more === null ? row : Object.assign(row, more);
}

/** A drain is followed by its own round, a moment apart: what is left of it is the row's own count, or one row would say two. */
function activeOf(farm: Farm, id: number, { dump }: LiveInput): number | null {
  return dump === null || !isTracked(farm) ? null : (dump.active.get(id) ?? 0);
}

/** What only some backends have; what is not known is absent. null = nothing. */
function sometimesKnown(
  farm: Farm,
  backendId: string,
  id: number,
  tracker: Tracker | null,
  input: LiveInput,
): Partial<BackendLive> | null {
  const traffic = input.traffic.of(id, input.atMs);
  const trafficOpened = input.traffic.openedOf(id, input.atMs);
  const ejected = input.outOf(farm.id, backendId);
  const { out = ejected, drain } = input.outOfService(backendId);
  const weights = weightsOf(farm, backendId, tracker, input);
  const hasOwn = traffic !== null || trafficOpened !== null || out !== null || drain !== undefined || weights !== null;
  if (!hasOwn && tracker === null && isTracked(farm)) return null;
  const more: { -readonly [Field in keyof BackendLive]?: BackendLive[Field] } = checkedRow(tracker);
  if (traffic !== null) more.traffic = traffic;
  if (trafficOpened !== null) more.trafficOpened = trafficOpened;
  if (out !== null) more.out = out;
  if (drain !== undefined) more.drain = { ...drain, left: activeOf(farm, id, input) };
  if (weights !== null) more.weights = weights;
  if (!isTracked(farm)) more.untracked = notTracked;
  return more;
}

/** An entry that is not there yet counts nothing; without a listing nothing is known. */
function turnedAway({ farm, farmNumber, denials }: FarmTrack, { before, now }: LiveInput): TurnedAway[] {
  const reasons = activeReasons(farm).map((reason) => ({ reason, number: turnedNumber(farmNumber, reason) }));
  const lists = Array.from(denials, ([list, own]) => ({ reason: "denied", list, number: denialNumber(own) }) as const);
  return [...reasons, ...lists].map(({ number, ...what }) => {
    const packetsOf = (readings: Readings | null | undefined) =>
      readings ? (readings.byId.packets(number) ?? 0) : null;
    const packets = packetsOf(now?.turned);
    const elapsed = elapsedMs(before?.turned, now?.turned);
    const grown = increment(packetsOf(before?.turned), packets);
    return { ...what, packets, perS: grown === null || elapsed === null ? null : (grown * 1000) / elapsed };
  });
}

/** The first counts after a change reach back before it: they belong to the old shares. */
function isAfterChange(track: FarmTrack, input: LiveInput): boolean {
  const since = input.before?.fresh?.atMs ?? null;
  return since !== null && since >= track.window.startedAt;
}

function observedOf(
  track: FarmTrack,
  index: number,
  plannedPct: number,
  connections: number,
  atMs: number,
): ObservedShare | null {
  const backendConnections = track.window.sums[index] ?? 0;
  const sinceMs = windowMs(track.window, atMs);
  return observedShare({ plannedPct, backendConnections, connections, sinceMs, isGoal: track.isGoal });
}

function familyTotals(track: FarmTrack): Record<Family, number> {
  const totals: Record<Family, number> = { 4: 0, 6: 0 };
  track.eff.backends.forEach(({ family }, index) => {
    totals[family] += track.window.sums[index] ?? 0;
  });
  return totals;
}

/** New connections since the last round; 0 for a backend that is in no map by decision; null = not known. */
function freshIncrement(track: FarmTrack, index: number, id: number, input: LiveInput): number | null {
  if (track.eff.backends[index]?.inMap === false) return 0;
  const { before, now } = input;
  return increment(before?.fresh?.byId.packets(id) ?? null, now?.fresh?.byId.packets(id) ?? null);
}

/** What says of a farm without tracking that traffic arrives. */
function arrivedPackets(track: FarmTrack, { before, now }: LiveInput): (number | null)[] {
  return track.ids.map((id) =>
    increment(before?.towards?.byId.packets(id) ?? null, now?.towards?.byId.packets(id) ?? null),
  );
}

function rateOf(
  before: Readings | null | undefined,
  now: Readings | null | undefined,
  id: number,
  field: "packets" | "bytes",
): number | null {
  const elapsed = elapsedMs(before, now);
  const grown = increment(before?.byId[field](id) ?? null, now?.byId[field](id) ?? null);
  return grown === null || elapsed === null ? null : (grown * 1000) / elapsed;
}

function elapsedMs(before: Readings | null | undefined, now: Readings | null | undefined): number | null {
  const elapsed = before && now ? now.atMs - before.atMs : 0;
  return elapsed > 0 ? elapsed : null;
}

function noteArrivals(track: FarmTrack, grown: readonly (number | null)[], atMs: number): void {
  grown.forEach((count, index) => {
    const family = track.eff.backends[index]?.family;
    if (count !== null && count > 0 && family !== undefined) track.lastNewAt[family] = atMs;
  });
}

function vipStates({ farm, kept, lastNewAt }: FarmTrack, { interfaces, atMs }: LiveInput): readonly VipState[] {
  const wasCounted = farm.addresses.map((address) => {
    const last = lastNewAt[address.includes(":") ? 6 : 4];
    return last !== null && atMs - last < routedWindowMs;
  });
  const known = kept.vips;
  if (known?.interfaces === interfaces && wasCounted.every((each, at) => each === known.wasCounted[at]))
    return known.states;
  const states = farm.addresses.map((address, at) => vipState(address, interfaces, wasCounted[at] ?? false));
  kept.vips = { interfaces, wasCounted, states };
  return states;
}

function unansweredOf(track: FarmTrack, dump: ConntrackDump | null): { name: string; count: number }[] {
  if (dump === null || dump.unanswered.size === 0) return [];
  return track.farm.backends
    .map((backend, index) => ({ name: backend.name, count: dump.unanswered.get(track.ids[index] ?? 0) ?? 0 }))
    .filter(({ count }) => count > 0);
}
