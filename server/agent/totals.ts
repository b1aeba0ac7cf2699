/**
 * What monitoring reads as counters: totals per backend and farm that only grow while the agent lives, whatever the kernel's own counters
 * do. They are kept by the backend's own id, so that maintenance, another port or a flushed table do not begin them anew. A new agent
 * begins with what the kernel has counted.
 */
import { isTracked } from "../core/farm/forwarding.ts";
import { advance, emptyTotal, type RunningTotal, restart } from "../core/metrics/running-total.ts";
import { addTimes, emptyTimeHistogram, type TimeHistogram } from "../core/metrics/time-histogram.ts";
import { activeReasons, denialNumber, type TurnReason, turnedNumber } from "../core/ruleset/turned.ts";
import type { ConnectTotals } from "./connect-totals.ts";
import type { CounterRound, Readings } from "./counters.ts";
import type { FarmTrack } from "./farm-track.ts";
import type { TrafficLatency } from "./traffic-latency.ts";

export type BackendTotals = {
  /** the kernel's name for it when it was last read */
  id: number;
  newConnections: RunningTotal;
  packetsIn: RunningTotal;
  bytesIn: RunningTotal;
  packetsOut: RunningTotal;
  bytesOut: RunningTotal;
  /** null = never probed */
  failedProbes: number | null;
  /** null = connection events were never heard */
  failedOpens: Readonly<Record<FailedOpen, number>> | null;
};

type FailedOpen = "refused" | "unanswered" | "reset";

type TurnedTotal = { readonly running: RunningTotal; readonly reason: TurnReason; readonly list: string | null };

export type FarmTotals = {
  readonly backends: ReadonlyMap<string, BackendTotals>;
  readonly turned: ReadonlyMap<string, TurnedTotal>;
  /** null = never probed */
  readonly connect: TimeHistogram | null;
  /** SYN to SYN-ACK of real connections; null = never measured */
  readonly traffic: TimeHistogram | null;
};

export type Totals = {
  /** Takes over one reading of the kernel for one farm. */
  take(track: FarmTrack, now: CounterRound): void;
  /** Farms that are gone are forgotten. */
  keepOnly(farmIds: { has(farmId: string): boolean }): void;
  of(farmId: string): FarmTotals | null;
};

type Kept = {
  backends: Map<string, BackendTotals>;
  readonly turned: Map<string, TurnedTotal>;
  connect: TimeHistogram | null;
  traffic: TimeHistogram | null;
};

const noOpens = { refused: 0, unanswered: 0, reset: 0 };

type Heard = Pick<TrafficLatency, "drain"> & { isHeard(): boolean };

export function createTotals(probes: Pick<ConnectTotals, "drain">, heard: Heard): Totals {
  const farms = new Map<string, Kept>();

  function takeProbes(kept: Kept, totals: BackendTotals): void {
    const probed = probes.drain(totals.id);
    if (probed === null) return;
    kept.connect ??= emptyTimeHistogram();
    addTimes(kept.connect, probed.times);
    totals.failedProbes = (totals.failedProbes ?? 0) + probed.failed;
  }

  function takeTraffic(kept: Kept, totals: BackendTotals): void {
    const fresh = heard.drain(totals.id);
    const { refused, unanswered, reset } = totals.failedOpens ?? noOpens;
    if (fresh !== null)
      totals.failedOpens = {
        refused: refused + fresh.refused,
        unanswered: unanswered + fresh.unanswered,
        reset: reset + fresh.reset,
      };
    else if (heard.isHeard()) totals.failedOpens ??= noOpens;
    const times = fresh?.times ?? null;
    if (times === null) return;
    kept.traffic ??= emptyTimeHistogram();
    addTimes(kept.traffic, times);
  }

  function begun(farmId: string): Kept {
    const kept = { backends: new Map(), turned: new Map(), connect: null, traffic: null };
    farms.set(farmId, kept);
    return kept;
  }

  return {
    take(track, now) {
      const kept = farms.get(track.farm.id) ?? begun(track.farm.id);
      const isCounted = isTracked(track.farm);
      track.farm.backends.forEach(({ id }, index) => {
        const totals = kept.backends.get(id) ?? added(kept, id);
        takeBackend(totals, track.ids[index] ?? 0, isCounted, now);
        takeProbes(kept, totals);
        if (isCounted) takeTraffic(kept, totals);
      });
      if (kept.backends.size > track.farm.backends.length) kept.backends = withoutOthers(kept.backends, track);
      if (now.turned !== null) takeTurned(kept.turned, track, now.turned);
    },
    keepOnly(farmIds) {
      for (const farmId of farms.keys()) if (!farmIds.has(farmId)) farms.delete(farmId);
    },
    of: (farmId) => farms.get(farmId) ?? null,
  };
}

function added(kept: Kept, backendId: string): BackendTotals {
  const totals = emptyBackend();
  kept.backends.set(backendId, totals);
  return totals;
}

/** A listing that failed says nothing; one without the element says that it is gone. */
function takeBackend(totals: BackendTotals, id: number, isCounted: boolean, now: CounterRound): void {
  if (totals.id !== id) for (const each of runningOf(totals)) restart(each);
  totals.id = id;
  const { fresh, towards, back } = now;
  if (isCounted && fresh !== null) totals.newConnections = advance(totals.newConnections, fresh.byId.packets(id));
  if (towards !== null) {
    totals.packetsIn = advance(totals.packetsIn, towards.byId.packets(id));
    totals.bytesIn = advance(totals.bytesIn, towards.byId.bytes(id));
  }
  if (back === null) return;
  totals.packetsOut = advance(totals.packetsOut, back.byId.packets(id));
  totals.bytesOut = advance(totals.bytesOut, back.byId.bytes(id));
}

/** The kernel makes an entry with its first packet: until then nothing was turned away, and that is known. */
function takeTurned(turned: Map<string, TurnedTotal>, { farm, farmNumber, denials }: FarmTrack, now: Readings): void {
  const take = (reason: TurnReason, list: string | null, number: number) => {
    const key = `${reason} ${list ?? ""}`;
    const running = advance(turned.get(key)?.running ?? emptyTotal(), now.byId.packets(number) ?? 0);
    turned.set(key, { running, reason, list });
  };
  for (const reason of activeReasons(farm)) take(reason, null, turnedNumber(farmNumber, reason));
  for (const [list, own] of denials) take("denied", list, denialNumber(own));
}

function withoutOthers(backends: ReadonlyMap<string, BackendTotals>, { farm }: FarmTrack): Map<string, BackendTotals> {
  const left = new Set(farm.backends.map(({ id }) => id));
  return new Map([...backends].filter(([id]) => left.has(id)));
}

function runningOf({ newConnections, packetsIn, bytesIn, packetsOut, bytesOut }: BackendTotals): RunningTotal[] {
  return [newConnections, packetsIn, bytesIn, packetsOut, bytesOut];
}

function emptyBackend(): BackendTotals {
  return {
    id: 0,
    newConnections: emptyTotal(),
    packetsIn: emptyTotal(),
    bytesIn: emptyTotal(),
    packetsOut: emptyTotal(),
    bytesOut: emptyTotal(),
    failedProbes: null,
    failedOpens: null,
  };
}
