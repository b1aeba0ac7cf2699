/**
 * What a change makes of the agent's state, without touching anything: the same function serves the change itself, its preview and the
 * replay of the journal at start, so all three arrive at the same farms, ids and rules.
 */
import { type Allocation, allocateFarm, allocateLists, memberKey, releaseFarm } from "../core/allocation/allocation.ts";
import type { DesiredLists } from "../core/change/apply-lists.ts";
import {
  type Applied,
  applyOperations,
  type Conflict,
  type Desired,
  desiredFrom,
  type NextRevision,
} from "../core/change/apply-operations.ts";
import type { Operation } from "../core/change/operation.ts";
import type { EffectiveFarm } from "../core/farm/effective.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import { type Failure, fail, ok, type Result } from "../core/result.ts";
import { compile, compileFarm } from "../core/ruleset/compile.ts";
import type { Fragment, Ruleset } from "../core/ruleset/model.ts";
import { listSetsOf } from "../core/ruleset/parts/lists.ts";
import { withFragment, withFragments, withLists, withoutFarm, withRetired } from "../core/ruleset/ruleset.ts";
import { type Conditions, effectiveOf } from "./effective-memo.ts";

/** Everything that a turn commits or drops together. */
export type State = {
  readonly desired: Desired;
  readonly allocation: Allocation;
  readonly ruleset: Ruleset;
};

export type CutOrder = {
  readonly farmId: string;
  readonly backendId: string;
  readonly name: string;
  /** the kernel's number of the backend */
  readonly markId: number;
  readonly protocol: Farm["protocol"];
};

export type Plan = {
  readonly state: State;
  readonly touched: readonly string[];
  readonly touchedLists: readonly string[];
  readonly cuts: readonly CutOrder[];
};

export function planChange(
  state: State,
  operations: readonly Operation[],
  next: NextRevision,
  conditions: Conditions,
): Result<Plan, Failure | Conflict> {
  const applied = applyOperations(state.desired, operations, next);
  if (!applied.ok) return applied;
  const programmed = program(state, applied.value, conditions);
  if (!programmed.ok) return programmed;
  const cuts = cutOrders(programmed.value, applied.value.cuts);
  const { touched, touchedLists } = applied.value;
  return ok({ state: programmed.value, touched, touchedLists, cuts });
}

/** Allocation and rules of the farms that a change touched, and the sets of the lists. */
function program(state: State, applied: Applied, conditions: Conditions): Result<State> {
  let { allocation, ruleset } = state;
  if (applied.touchedLists.length > 0) {
    const lists = listsIn(applied.desired.lists);
    allocation = allocateLists(allocation, namesOf(lists));
    ruleset = withLists(ruleset, listSetsOf(lists, allocation));
  }
  for (const farmId of applied.touched) {
    const farm = applied.desired.farms.get(farmId)?.farm;
    if (farm === undefined) {
      allocation = releaseFarm(allocation, farmId);
      ruleset = withoutFarm(ruleset, farmId);
      continue;
    }
    const eff = effectiveOf(farm, conditions);
    const allocated = allocateFarm(allocation, farm, eff);
    if (!allocated.ok) return allocated;
    allocation = allocated.value;
    ruleset = withFragment(ruleset, compileFarm(farm, eff, allocation));
  }
  return ok({ desired: applied.desired, allocation, ruleset: withRetired(ruleset, allocation.retired) });
}

/** The whole desired state at once, as a new epoch. Farms that stay keep their ids and blocks: their connections do not notice. */
export function planSeed(
  state: State,
  { farms, lists = [] }: SeedState,
  next: NextRevision,
  conditions: Conditions,
): Result<Plan> {
  const { epoch, n, actor, at } = next;
  const desired = desiredFrom(
    { epoch, n },
    farms.map((farm) => ({ farm, version: n, actor, at })),
    lists.map((list) => ({ list, version: n, actor, at })),
  );
  if (!desired.ok) return desired;
  const kept = new Set(farms.map((farm) => farm.id));
  let allocation = allocateLists(state.allocation, namesOf(lists));
  const gone = [...state.desired.farms.keys()].filter((farmId) => !kept.has(farmId));
  for (const farmId of gone) allocation = releaseFarm(allocation, farmId);
  const allocated = allocateFarms(allocation, farms, conditions);
  if (!allocated.ok) return allocated;
  allocation = allocated.value;
  const ruleset = compileAll(desired.value, allocation, conditions, state.ruleset);
  const touchedLists = lists.map(({ id }) => id);
  return ok({
    state: { desired: desired.value, allocation, ruleset },
    touched: [...kept, ...gone],
    touchedLists,
    cuts: [],
  });
}

/** A whole desired state, without history. */
export type SeedState = { readonly farms: readonly Farm[]; readonly lists?: readonly NamedList[] };

function listsIn(lists: DesiredLists): NamedList[] {
  return Array.from(lists.values(), ({ list }) => list);
}

function namesOf(lists: readonly NamedList[]): string[] {
  return lists.map(({ name }) => name);
}

/** Same reference when they fit already. */
export function allocateFarms(before: Allocation, farms: readonly Farm[], conditions: Conditions): Result<Allocation> {
  let allocation = before;
  for (const farm of farms) {
    const allocated = allocateFarm(allocation, farm, effectiveOf(farm, conditions));
    if (!allocated.ok) return allocated;
    allocation = allocated.value;
  }
  return ok(allocation);
}

/** Every farm and list of `desired` must be allocated. */
export function compileAll(
  desired: Desired,
  allocation: Allocation,
  conditions: Conditions,
  previous?: Ruleset,
): Ruleset {
  const farms = [...desired.farms.values()].map((entry) => entry.farm);
  const effectives = new Map<string, EffectiveFarm>(farms.map((farm) => [farm.id, effectiveOf(farm, conditions)]));
  return withRetired(compile(farms, effectives, allocation, previous, listsIn(desired.lists)), allocation.retired);
}

/** The farms named again: with an allocation that changed by itself (blocks released), or with other conditions. */
export function recompile(state: State, changed: Allocation, farmIds: Iterable<string>, conditions: Conditions): State {
  const fragments: Fragment[] = [];
  let allocation = changed;
  for (const farmId of farmIds) {
    const farm = state.desired.farms.get(farmId)?.farm;
    if (farm === undefined) continue;
    const eff = effectiveOf(farm, conditions);
    // conditions may be newer than the slots
    const allocated = allocateFarm(allocation, farm, eff);
    if (!allocated.ok) continue;
    allocation = allocated.value;
    fragments.push(compileFarm(farm, eff, allocation));
  }
  const ruleset = withFragments(state.ruleset, fragments);
  if (allocation === state.allocation && ruleset === state.ruleset) return state;
  return { ...state, allocation, ruleset: withRetired(ruleset, allocation.retired) };
}

/** These farms with the conditions of now. The same state when nothing follows from them. */
export function reprogram(state: State, farmIds: Iterable<string>, conditions: Conditions): State {
  return recompile(state, state.allocation, farmIds, conditions);
}

/** Backends to be cut, with the kernel's number of each; one that is not there (any more) is left out. */
export function cutOrders(
  state: State,
  cuts: readonly { readonly farmId: string; readonly backendId: string }[],
): CutOrder[] {
  return cuts.flatMap(({ farmId, backendId }) => {
    const farm = state.desired.farms.get(farmId)?.farm;
    const backend = farm?.backends.find((each) => each.id === backendId);
    if (farm === undefined || backend === undefined) return [];
    const markId = state.allocation.farms.get(farmId)?.ids.get(memberKey(backend));
    if (markId === undefined) return [];
    return [{ farmId, backendId, name: backend.name, markId, protocol: farm.protocol }];
  });
}

/** Flows older than their farm: UDP that arrived before the farm existed is tracked and never reaches it. */
export type StaleFlows = {
  readonly address: string;
  readonly protocol: "udp" | "all";
  /** [] = every port */
  readonly ports: Farm["ports"];
};

/** After adding or enabling a UDP or all-protocol farm, address or port. */
export function staleFlows(before: Farm | null, after: Farm | null): StaleFlows[] {
  if (after === null || !after.enabled || (after.protocol !== "udp" && after.protocol !== "all")) return [];
  const had = before?.enabled && before.protocol === after.protocol ? before : null;
  const { protocol } = after;
  return after.addresses.flatMap((address): StaleFlows[] => {
    if (had === null || !had.addresses.includes(address)) return [{ address, protocol, ports: after.ports }];
    if (had.ports.length === 0) return [];
    if (after.ports.length === 0) return [{ address, protocol, ports: [] }];
    const ports = after.ports.filter((port) => !had.ports.includes(port));
    return ports.length === 0 ? [] : [{ address, protocol, ports }];
  });
}

/** Flows of backends that left a farm with this change. */
export type EndedFlows = { readonly markId: number; readonly protocol: "udp" | "all" };

/**
 * They end at once: what has no connection cannot be drained. Of a farm of all protocols only those flows end, its TCP connections stay.
 */
export function endedFlows(before: State, after: State, touched: readonly string[]): EndedFlows[] {
  return touched.flatMap((farmId) => {
    const protocol = before.desired.farms.get(farmId)?.farm.protocol;
    if (protocol !== "udp" && protocol !== "all") return [];
    const now = after.allocation.farms.get(farmId)?.ids;
    const had = before.allocation.farms.get(farmId)?.ids ?? new Map<string, number>();
    return [...had].filter(([key]) => now?.get(key) === undefined).map(([, markId]) => ({ markId, protocol }));
  });
}

export function storageFailure(error: unknown) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason =
    code === "ENOSPC" ? "the disk is full" : code === "EROFS" ? "the disk is read-only" : "the disk refused to write";
  const text = `The agent could not write its journal: ${reason}. Nothing was changed.`;
  return fail("storage", text, { detail: String(error), retry: true });
}
