/**
 * Each second: counters, rows of every farm, history, and what changed to the readers of the stream. The work is cut into small
 * pieces with a pause between, so that a change never waits for a round of 10,000 rows, and a long round is spread over its second.
 */
import type { BalancerLive, FarmLive, MapFill } from "../core/metrics/live.ts";
import { sumKnown } from "../core/metrics/rates.ts";
import { stepTo } from "../core/metrics/row-news.ts";
import type { ProbeTarget } from "../wire/prober.ts";
import type { StreamLine } from "../wire/stream.ts";
import type { ConntrackDump } from "./conntrack.ts";
import type { CounterRound } from "./counters.ts";
import type { Conditions } from "./effective-memo.ts";
import { type FarmTrack, hasSameTargets, trackFarms } from "./farm-track.ts";
import type { Latency } from "./latency.ts";
import { farmLive, type LiveInput } from "./live-rows.ts";
import { loadTargets } from "./load-targets.ts";
import type { Measured } from "./metrics-farms.ts";
import type { MinuteStore } from "./minute-store.ts";
import type { State } from "./plan.ts";
import { probeKey } from "./probe-keys.ts";
import { connectPort } from "./probe-ports.ts";
import type { SeriesStore } from "./series.ts";
import type { StickyFill } from "./sticky-fill.ts";
import { createTelling, type Telling } from "./telling.ts";
import type { Totals } from "./totals.ts";

export type LiveDeps = {
  readonly state: () => State;
  readonly readCounters: (state: State) => Promise<CounterRound>;
  readonly dump: () => { readonly dump: ConntrackDump | null; readonly periodMs: number };
  readonly latency: Latency;
  readonly traffic: LiveInput["traffic"];
  readonly outOf: LiveInput["outOf"];
  readonly weightOf: LiveInput["weightOf"];
  readonly wishOf: LiveInput["wishOf"];
  readonly proberGoneMs: () => number | null;
  readonly facts: () => Pick<LiveInput, "facts" | "interfaces" | "foreignTrouble">;
  readonly fill: Pick<StickyFill, "ofFarm" | "shared">;
  readonly outOfService: LiveInput["outOfService"];
  readonly series: SeriesStore;
  readonly minutes: Pick<MinuteStore, "add">;
  readonly totals: Totals;
  readonly conditions: Conditions;
  readonly checks: LiveInput["checks"];
  readonly send: (line: StreamLine) => void;
  readonly onReset: () => void;
  /** farms whose backends, addresses or ports changed: whom to probe, and whom not any more */
  readonly onTargets: (add: readonly ProbeTarget[], remove: readonly string[]) => void;
  readonly probeIntervalMs: number;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly pause: () => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
};

export type Live = {
  tick(): Promise<void>;
  /** as the readers of the stream were told them, or will be with the next line: also in the middle of a tick */
  rows(): FarmLive[];
  balancer(): BalancerLive;
  /** of the last tick */
  measured(): Measured;
};

/** about half a millisecond of work */
const backendsPerPiece = 100;
/** a line is half a millisecond of work for who reads it, and not so small that readers only wake up */
const backendsPerLine = 200;
/** a round of many pieces takes this much of its second, with rests in between: changes, and other processes, find the processor free */
const spreadMs = 400;
const restedFrom = 10;
const lateMs = 1000;
/** what the prober said is shown, with its age, this long after it is gone */
const staleProbeMs = 10_000;

export function createLive(deps: LiveDeps): Live {
  let tracks: ReadonlyMap<string, FarmTrack> = new Map();
  let trackedState: State | null = null;
  const rows = new Map<string, FarmLive>();
  let before: CounterRound | null = null;
  let balancer = emptyBalancer(deps.now());

  function follow(state: State): void {
    if (trackedState === state) return;
    const were = tracks;
    tracks = trackFarms(tracks, state, deps.conditions, deps.now());
    trackedState = state;
    retarget(were, tracks);
  }

  /** Only farms whose backends are others are looked into: a change of one farm among thousands costs one farm. */
  function retarget(were: ReadonlyMap<string, FarmTrack>, are: ReadonlyMap<string, FarmTrack>): void {
    const add: ProbeTarget[] = [];
    const remove = new Set<string>();
    for (const [farmId, track] of were)
      if (!hasSameTargets(are.get(farmId), track))
        for (const { key } of targetsOf(track, deps.probeIntervalMs)) remove.add(key);
    for (const [farmId, track] of are) {
      if (hasSameTargets(were.get(farmId), track)) continue;
      for (const target of targetsOf(track, deps.probeIntervalMs)) {
        remove.delete(target.key);
        add.push(target);
      }
    }
    if (add.length > 0 || remove.size > 0) deps.onTargets(add, [...remove]);
  }

  function inputOf(now: CounterRound): LiveInput {
    const goneMs = deps.proberGoneMs();
    return {
      atMs: now.atMs,
      before,
      now,
      dump: deps.dump().dump,
      latency: deps.latency,
      traffic: deps.traffic,
      outOf: deps.outOf,
      weightOf: deps.weightOf,
      wishOf: deps.wishOf,
      hasProber: goneMs === null || goneMs < staleProbeMs,
      conditions: deps.conditions,
      checks: deps.checks,
      stickyFill: deps.fill.ofFarm,
      outOfService: deps.outOfService,
      ...deps.facts(),
    };
  }

  /** Rows in pieces; what changed is sent a line at a time. */
  async function computeRows(input: LiveInput, now: CounterRound) {
    const telling = tellRemoved();
    const send = () => deps.send({ type: "tick", at: input.atMs, balancer, ...telling.take() });
    const pieces = piecesOf([...tracks.values()]);
    const restMs = pieces.length < restedFrom ? 0 : spreadMs / pieces.length;
    const beganMs = deps.monotonicMs();
    try {
      for (const [at, piece] of pieces.entries()) {
        for (const track of piece) computeRow(track, input, now, telling);
        const isLast = at === pieces.length - 1;
        if (isLast)
          balancer = withShared(balancerOf(input, [...rows.values()], deps.dump().periodMs), deps.fill.shared());
        if (isLast || telling.size() >= backendsPerLine) send();
        const tookMs = deps.monotonicMs() - beganMs;
        // who was held up does not rest: a second's rows are told within it
        const aheadMs = Math.min(restMs, (at + 1) * restMs - tookMs);
        if (aheadMs >= 1 && !isLast) await deps.sleep(aheadMs);
        // last: a change that began while it rested goes first. Changes that never end hold up each pause: there are fewer of them then
        if (tookMs < lateMs || at % 2 === 1) await deps.pause();
      }
    } finally {
      // what is kept here and was not told would be wrong at the readers for as long as it stays
      if (telling.size() > 0) send();
    }
  }

  function computeRow(track: FarmTrack, input: LiveInput, now: CounterRound, telling: Telling): void {
    const step = stepTo(rows.get(track.farm.id), farmLive(track, input));
    rows.set(track.farm.id, step.row);
    telling.add(step);
    deps.totals.take(track, now);
  }

  function tellRemoved(): Telling {
    const removed = [...rows.keys()].filter((farmId) => !tracks.has(farmId));
    for (const farmId of removed) rows.delete(farmId);
    return createTelling(removed);
  }

  return {
    async tick() {
      const state = deps.state();
      follow(state);
      const now = await deps.readCounters(state);
      if (deps.state() !== state) follow(deps.state());
      if (wasReset(before, now)) deps.onReset();
      const input = inputOf(now);
      await computeRows(input, now);
      deps.totals.keepOnly(tracks);
      before = keepKnown(before, now);
      const whole = [...rows.values()];
      await deps.series.add(input.atMs, whole, deps.pause);
      await deps.minutes.add(input.atMs, whole, deps.pause);
    },
    rows: () => [...rows.values()],
    balancer: () => balancer,
    measured: () => ({
      tracks: [...tracks.values()],
      rowOf: (farmId) => rows.get(farmId) ?? null,
      totals: deps.totals,
    }),
  };
}

function withShared(balancer: BalancerLive, sticky: MapFill | null): BalancerLive {
  return sticky === null ? balancer : { ...balancer, sticky };
}

/** Farms in pieces of about as many backends; one piece at least. */
function piecesOf(tracks: readonly FarmTrack[]): FarmTrack[][] {
  const pieces: FarmTrack[][] = [[]];
  let backends = 0;
  for (const track of tracks) {
    if (backends >= backendsPerPiece) {
      pieces.push([]);
      backends = 0;
    }
    pieces.at(-1)?.push(track);
    backends += track.ids.length;
  }
  return pieces;
}

/** A listing that failed leaves the older reading as the base: the next rate is a mean over the gap, not a hole after it. */
function keepKnown(before: CounterRound | null, now: CounterRound): CounterRound {
  return {
    atMs: now.atMs,
    fresh: now.fresh ?? before?.fresh ?? null,
    towards: now.towards ?? before?.towards ?? null,
    back: now.back ?? before?.back ?? null,
    turned: now.turned ?? before?.turned ?? null,
  };
}

function wasReset(before: CounterRound | null, now: CounterRound): boolean {
  if (before === null || before.towards === null || now.towards === null) return false;
  return now.towards.byId.hasFallen(before.towards.byId);
}

function emptyBalancer(at: number): BalancerLive {
  return {
    at,
    newPerS: null,
    active: null,
    bytesInPerS: null,
    bytesOutPerS: null,
    conntrack: null,
    activeEveryS: 1,
  };
}

/** Connections are those the kernel tracks; bytes are of all farms. */
function balancerOf(input: LiveInput, rows: readonly FarmLive[], periodMs: number): BalancerLive {
  const tracked = rows.filter((row) => row.untracked === undefined);
  // answers of direct return never pass here
  const answering = rows.filter((row) => row.untracked === undefined || row.bytesOutPerS !== null);
  const { conntrackUsed, conntrackMax } = input.facts;
  return {
    at: input.atMs,
    newPerS: sumKnown(tracked.map((row) => row.newPerS)),
    active: sumKnown(tracked.map((row) => row.active)),
    bytesInPerS: sumKnown(rows.map((row) => row.bytesInPerS)),
    bytesOutPerS: sumKnown(answering.map((row) => row.bytesOutPerS)),
    conntrack: conntrackUsed === null || conntrackMax === null ? null : { used: conntrackUsed, max: conntrackMax },
    activeEveryS: periodMs / 1000,
  };
}

function targetsOf({ farm, ids }: FarmTrack, intervalMs: number): ProbeTarget[] {
  if (!farm.enabled) return [];
  return [...connectTargets(farm, ids, intervalMs), ...loadTargets(farm, ids)];
}

/** the same for all: there are many */
const connectProbe: ProbeTarget["probe"] = { what: "connect" };

function connectTargets(farm: FarmTrack["farm"], ids: FarmTrack["ids"], intervalMs: number): ProbeTarget[] {
  return farm.backends.flatMap((backend, index): ProbeTarget[] => {
    const port = connectPort(farm, index);
    const id = ids[index] ?? 0;
    if (port === null || id === 0) return [];
    const timeoutMs = Math.min(1000, intervalMs);
    const key = probeKey(id, "connect");
    return [{ key, address: backend.address, port, intervalMs, timeoutMs, probe: connectProbe }];
  });
}
