/**
 * Once a second: farms that take backends out by real traffic are judged, and what follows is written where everything that is known of backends
 * meets. An ejection of a former life of the agent is held once more; where nobody asks any more, it ends.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import { effective } from "../core/farm/effective.ts";
import { isTracked } from "../core/farm/forwarding.ts";
import type { Outlier } from "../core/farm/outlier.ts";
import type { Backend, Farm } from "../core/farm/types.ts";
import type { FarmConditions } from "../core/health/condition.ts";
import {
  type Ejection,
  ejections,
  isAtRest,
  judgeOutliers,
  movedOutliers,
  noOutliers,
  type OutlierBackend,
  type OutlierState,
  resumeEjection,
} from "../core/health/outlier.ts";
import type { ConditionBook } from "./conditions.ts";
import type { Conntrack } from "./conntrack.ts";
import type { Events } from "./events.ts";
import type { State } from "./plan.ts";
import type { Opens, TrafficLatency } from "./traffic-latency.ts";

export type Outliers = {
  round(): Promise<void>;
  /** some farm wants it */
  isAsked(): boolean;
  ejectionOf(farmId: string, backendId: string): Ejection | null;
};

export type OutliersDeps = {
  readonly state: () => State;
  readonly conditions: Pick<ConditionBook, "of" | "set" | "said" | "settleAtOnce">;
  readonly events: Pick<Events, "add">;
  readonly takeOpens: TrafficLatency["takeOpens"];
  readonly conntrack: Pick<Conntrack, "deleteUnserved">;
  readonly now: () => number;
  /** by how much the clock was set since the last call */
  readonly jumpedMs: () => number;
  readonly pause: () => Promise<void>;
};

/** a millisecond or two of work */
const farmsPerPiece = 50;

/** What is to be told of a backend once the kernel has it; of who is out, its mark: what waits for it is sent elsewhere. */
type Telling = {
  readonly farm: Farm;
  readonly backendId: string;
  readonly text: string;
  readonly outMark: number | null;
};
type Asking = { readonly farm: Farm; readonly settings: Outlier };

export function createOutliers(deps: OutliersDeps): Outliers {
  const states = new Map<string, OutlierState>();
  /** by farm: the kernel's number of each backend */
  const marks = new Map<string, ReadonlyMap<string, number>>();
  const out = new Map<string, ReadonlyMap<string, Ejection>>();
  /** by backend id: written, and not in the kernel yet */
  let untold = new Map<string, Telling>();
  /** farms that are not asked any more, until the kernel has those back that were out */
  const leaving = new Set<string>();
  let asking: ReadonlyMap<string, Asking> = new Map();
  let seen: State["desired"] | null = null;

  function follow(state: State): void {
    const { desired } = state;
    if (seen === desired) return;
    const isFirst = seen === null;
    seen = desired;
    const asked = asking;
    asking = new Map(
      Array.from(desired.farms).flatMap(([farmId, { farm }]) =>
        farm.outlier !== null && farm.enabled && isTracked(farm) ? [[farmId, { farm, settings: farm.outlier }]] : [],
      ),
    );
    const known = isFirst ? desired.farms.keys() : [...states.keys()];
    for (const farmId of known) if (!asking.has(farmId)) forget(farmId);
    for (const [farmId, each] of asking)
      if (asked.get(farmId)?.farm !== each.farm) states.set(farmId, begun(each, state, states.get(farmId)));
  }

  /** Another address or port is another backend: what real traffic said of the old one does not count. */
  function begun(each: Asking, state: State, known: OutlierState | undefined): OutlierState {
    const { farm } = each;
    const before = marks.get(farm.id);
    const now = new Map(farm.backends.map((backend) => [backend.id, markOf(farm, backend, state)]));
    marks.set(farm.id, now);
    if (known === undefined || before === undefined) return resumed(each);
    const isOther = (id: string) => now.get(id) !== (before.get(id) ?? now.get(id));
    for (const id of now.keys()) if (isOther(id)) deps.conditions.set("outliers", farm.id, id, null);
    return new Map([...known].filter(([id]) => !isOther(id)));
  }

  function forget(farmId: string): void {
    for (const known of [states, marks]) known.delete(farmId);
    leaving.add(farmId);
    for (const { id } of deps.state().desired.farms.get(farmId)?.farm.backends ?? [])
      deps.conditions.set("outliers", farmId, id, null);
  }

  function resumed({ farm, settings }: Asking): OutlierState {
    return farm.backends
      .filter(({ id }) => deps.conditions.said("outliers", farm.id, id) !== null)
      .reduce((state, { id }) => resumeEjection(state, id, settings, deps.now()), noOutliers);
  }

  function judge({ farm, settings }: Asking): void {
    const before = states.get(farm.id) ?? noOutliers;
    const own = marks.get(farm.id) ?? new Map<string, number>();
    const fresh = new Map(Array.from(own, ([id, markId]) => [id, deps.takeOpens(markId)]));
    const isQuiet = [...fresh.values()].every((opens) => opens === null);
    if (isQuiet && isAtRest(before, [...fresh.keys()])) return;
    const backends = judged(farm, before, fresh);
    const leftMin = Math.max(1, farm.failover.quorum);
    const { state: next, ejected, returned } = judgeOutliers(before, { settings, backends, leftMin }, deps.now());
    states.set(farm.id, next);
    for (const id of returned) {
      deps.conditions.set("outliers", farm.id, id, null);
      const wasNeverOut = (untold.get(id)?.outMark ?? null) !== null;
      untold.delete(id);
      if (!wasNeverOut) untold.set(id, { farm, backendId: id, text: "is back in: it is tried again", outMark: null });
    }
    for (const { id, ejection } of ejected) {
      deps.conditions.set("outliers", farm.id, id, { out: "ejected" });
      const text = `is out for ${(ejection.untilMs - ejection.sinceMs) / 1000} s: ${ejection.text}`;
      untold.set(id, { farm, backendId: id, text, outMark: own.get(id) ?? 0 });
    }
  }

  /** What a backend says for the first time reaches back before anybody asked. */
  function judged(farm: Farm, before: OutlierState, fresh: ReadonlyMap<string, Opens | null>): OutlierBackend[] {
    const eff = effective(farm, withoutEjections(deps.conditions.of(farm.id)));
    return eff.backends.map(({ backendId, family, weight }) => ({
      id: backendId,
      group: String(family),
      mayServe: weight > 0,
      fresh: before.has(backendId) ? (fresh.get(backendId) ?? null) : null,
    }));
  }

  function tell({ farm, backendId, text }: Telling): void {
    const name = farm.backends.find(({ id }) => id === backendId)?.name ?? "a backend";
    deps.events.add({ kind: "health", text: `${name} ${text}`, farmId: farm.id, backendId });
  }

  return {
    async round() {
      const byMs = deps.jumpedMs();
      if (byMs !== 0) for (const [farmId, own] of states) states.set(farmId, movedOutliers(own, byMs));
      follow(deps.state());
      for (const [at, each] of [...asking.values()].entries()) {
        judge(each);
        if (at % farmsPerPiece === farmsPerPiece - 1) await deps.pause();
      }
      // told when the kernel has it
      if (!(await deps.conditions.settleAtOnce([...asking.keys(), ...leaving]))) return;
      for (const farmId of leaving) if (!asking.has(farmId)) out.delete(farmId);
      leaving.clear();
      const tellings = [...untold.values()];
      untold = new Map();
      for (const telling of tellings) tell(telling);
      for (const { outMark } of tellings) if (outMark !== null) await deps.conntrack.deleteUnserved(outMark);
      for (const farmId of asking.keys()) out.set(farmId, ejections(states.get(farmId) ?? noOutliers));
    },
    isAsked: () => asking.size > 0,
    ejectionOf: (farmId, backendId) => out.get(farmId)?.get(backendId) ?? null,
  };
}

function markOf(farm: Farm, backend: Backend, { allocation }: State): number {
  return allocation.farms.get(farm.id)?.ids.get(memberKey(backend)) ?? 0;
}

/** As it would be if real traffic had said nothing. */
function withoutEjections(conditions: FarmConditions): FarmConditions {
  return new Map(
    Array.from(conditions, ([id, condition]) => [
      id,
      condition.out === "ejected" ? { ...condition, out: null } : condition,
    ]),
  );
}
