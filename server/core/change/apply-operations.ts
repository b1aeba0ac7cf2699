/**
 * The desired farms and lists, and what a change makes of them. Every operation names the version its writer saw; a stale one is a conflict that
 * carries what the farm is now, never an overwrite. A change is taken whole or not at all, and nothing here is changed in place.
 * A farm's version is the n of the last revision that touched it; every operation but `cut` touches its farm.
 */

import { joinPath, within } from "../farm/issues.ts";
import { limits } from "../farm/limits.ts";
import { referenceIssues } from "../farm/named-list.ts";
import { OverlapIndex } from "../farm/overlap.ts";
import type { Farm } from "../farm/types.ts";
import { farmIssues } from "../farm/validate.ts";
import { type Failure, type Issue, invalid, ok, type Result } from "../result.ts";
import type { ChangeActor } from "./actor.ts";
import {
  applyToLists,
  type DesiredList,
  type DesiredLists,
  hasListNamed,
  type ListConflict,
  refuseLostNames,
  staleLists,
  stateIssues,
} from "./apply-lists.ts";
import { applyOperation, farmIdOf, listIdsOf } from "./apply-operation.ts";
import { refuseBalancedTwice } from "./balanced-twice.ts";
import { FarmMap } from "./farm-map.ts";
import { isFarmOperation, isListOperation, type Operation } from "./operation.ts";

export type DesiredFarm = {
  readonly farm: Farm;
  readonly version: number;
  readonly actor: ChangeActor | null;
  readonly at: number | null;
};

export type Desired = {
  readonly epoch: number;
  readonly n: number;
  readonly farms: ReadonlyMap<string, DesiredFarm>;
  readonly index: OverlapIndex;
  /** by id */
  readonly lists: DesiredLists;
};

/** The revision the change would become. */
export type NextRevision = {
  readonly epoch: number;
  readonly n: number;
  readonly actor: ChangeActor;
  readonly at: number;
};

/** Both sides: what the writer based its change on, and what the farm is now (null = it is not there). */
type FarmConflict = {
  readonly farmId: string;
  readonly base: number | null;
  readonly version: number | null;
  readonly farm: Farm | null;
  readonly actor: ChangeActor | null;
  readonly at: number | null;
};

export type Conflict = Failure & {
  readonly code: "conflict";
  readonly conflicts: readonly FarmConflict[];
  readonly lists: readonly ListConflict[];
};

export type Applied = {
  readonly desired: Desired;
  /** farms that are not what they were before, each once */
  readonly touched: readonly string[];
  /** lists that the change put or removed */
  readonly touchedLists: readonly string[];
  /** backends whose open connections end */
  readonly cuts: readonly { readonly farmId: string; readonly backendId: string }[];
};

export function emptyDesired(): Desired {
  return { epoch: 1, n: 0, farms: new Map(), index: OverlapIndex.empty(), lists: new Map() };
}

/** The whole state at once: a seed, an import, the last good state from disk. Farms keep their versions when they bring them. */
export function desiredFrom(
  position: { readonly epoch: number; readonly n: number },
  farms: readonly DesiredFarm[],
  lists: readonly DesiredList[] = [],
): Result<Desired> {
  const issues: Issue[] = [];
  let index = OverlapIndex.empty();
  for (const [at, { farm }] of farms.entries()) {
    issues.push(...within(joinPath("farms", at), [...farmIssues(farm), ...index.check(farm)]));
    index = index.with(farm);
  }
  const byId = new Map(farms.map((each) => [each.farm.id, each]));
  if (byId.size < farms.length) issues.push({ path: "farms", message: "A farm id is there twice" });
  issues.push(...limitIssues(byId), ...sharedBackends(byId, byId), ...stateIssues(lists, farms));
  if (issues.length > 0) return invalid(issues);
  return ok({ ...position, farms: byId, index, lists: new Map(lists.map((each) => [each.list.id, each])) });
}

export function applyOperations(
  desired: Desired,
  operations: readonly Operation[],
  next: NextRevision,
): Result<Applied, Failure | Conflict> {
  const conflicts = staleBases(desired, operations);
  const stale = staleLists(desired.lists, operations);
  if (conflicts.length > 0 || stale.length > 0) return { ok: false, error: conflictOf(conflicts, stale) };
  const replayed = replay(desired, operations);
  if (!replayed.ok) return replayed;
  const { changed, cuts } = replayed.value;
  const { n: version, actor, at } = next;
  const entryOf = (farm: Farm | null) => (farm === null ? null : { farm, version, actor, at });
  const farms = FarmMap.of(desired.farms).with(new Map(Array.from(changed, ([id, farm]) => [id, entryOf(farm)])));
  const failing: (failed: Failed, at: number) => Failed = (failed, where) => inOperation(failed, where, operations);
  const lists = applyToLists(desired.lists, operations, { version, actor, at }, failing);
  if (!lists.ok) return lists;
  const lost = refuseLostNames(desired.lists, lists.value, farms, operations, failing);
  if (lost !== null) return lost;
  const index = indexWith(desired.index, changed, operations, lists.value);
  if (!index.ok) return index;
  const twice = refuseBalancedTwice(desired.farms, changed, index.value, failing, operations);
  if (twice !== null) return twice;
  // only a put-farm brings farms or backends; weights must not pay for counting 100,000 of them
  const isStructural = operations.some((operation) => operation.type === "put-farm");
  const issues = isStructural ? [...limitIssues(farms), ...sharedBackends(changed, farms)] : [];
  if (issues.length > 0) return invalid(issues);
  const after = { epoch: next.epoch, n: next.n, farms, index: index.value, lists: lists.value };
  return ok({ desired: after, touched: [...changed.keys()], touchedLists: listIdsOf(operations), cuts });
}

export function isConflict(error: Failure): error is Conflict {
  return error.code === "conflict" && "conflicts" in error;
}

type Failed = { readonly ok: false; readonly error: Failure };
type Replayed = { changed: Map<string, Farm | null>; cuts: { farmId: string; backendId: string }[] };

/** Later operations of the same change see what earlier ones made. */
function replay(desired: Desired, operations: readonly Operation[]): Result<Replayed> {
  const changed = new Map<string, Farm | null>();
  const cuts: Replayed["cuts"] = [];
  for (const [at, operation] of operations.entries()) {
    if (isListOperation(operation)) continue;
    const farmId = farmIdOf(operation);
    const before = changed.has(farmId) ? changed.get(farmId) : desired.farms.get(farmId)?.farm;
    const applied = applyOperation(before ?? null, operation);
    if (!applied.ok) return inOperation(applied, at, operations);
    if (operation.type === "cut") cuts.push({ farmId, backendId: operation.backendId });
    else changed.set(farmId, applied.value);
  }
  return ok({ changed, cuts });
}

/** A base speaks of the farm before the whole change, so that two operations of one change may name the same one. */
function staleBases(desired: Desired, operations: readonly Operation[]): FarmConflict[] {
  const conflicts = new Map<string, FarmConflict>();
  for (const operation of operations.filter(isFarmOperation)) {
    const farmId = farmIdOf(operation);
    const now = desired.farms.get(farmId) ?? null;
    if (operation.base === (now?.version ?? null)) continue;
    const { version, farm, actor, at } = now ?? { version: null, farm: null, actor: null, at: null };
    conflicts.set(farmId, { farmId, base: operation.base, version, farm, actor, at });
  }
  return [...conflicts.values()];
}

function conflictOf(conflicts: readonly FarmConflict[], lists: readonly ListConflict[]): Conflict {
  const sides = [
    ...conflicts.map(({ farm, ...side }) => ({ ...side, what: "farm", name: farm?.name ?? null })),
    ...lists.map(({ list, ...side }) => ({ ...side, what: "list", name: list?.name ?? null })),
  ];
  const [first] = sides;
  const more = sides.length > 1 ? ` (and ${sides.length - 1} more)` : "";
  const who = first?.what === "list" ? "List" : "Farm";
  const text =
    first === undefined || first.name === null
      ? `The ${first?.what ?? "farm"} was removed meanwhile${more}; nothing was changed`
      : first.base === null
        ? `${who} ${first.name} exists already${more}; nothing was changed`
        : `${who} ${first.name} changed meanwhile${first.actor === null ? "" : ` by ${first.actor.name}`}${more}; nothing was changed`;
  return { code: "conflict", text, retry: false, conflicts, lists };
}

/** The changed farms leave the index together before they come back, so that two farms may swap an address or a name. */
function indexWith(
  index: OverlapIndex,
  changed: ReadonlyMap<string, Farm | null>,
  operations: readonly Operation[],
  lists: DesiredLists,
): Result<OverlapIndex> {
  let next = index;
  for (const [farmId, farm] of changed) if (farm === null || isMoved(farmId, operations)) next = next.without(farmId);
  for (const [farmId, farm] of changed) {
    if (farm === null || !isMoved(farmId, operations)) continue;
    const references = referenceIssues(farm, (name) => hasListNamed(lists, name));
    const issues = [...farmIssues(farm), ...references, ...next.check(farm)];
    const at = operations.findLastIndex((each) => isFarmOperation(each) && farmIdOf(each) === farmId);
    if (issues.length > 0) return inOperation(invalid(issues), at, operations);
    next = next.with(farm);
  }
  return ok(next);
}

/** Only a put-farm can change names, addresses and ports. */
function isMoved(farmId: string, operations: readonly Operation[]): boolean {
  return operations.some((operation) => operation.type === "put-farm" && operation.farm.id === farmId);
}

/** With one operation paths are the farm's own, as a form needs them; with several they say which. */
function inOperation(failed: Failed, at: number, operations: readonly Operation[]): Failed {
  if (operations.length === 1 || failed.error.issues === undefined) return failed;
  const operation = operations[at];
  const part = operation?.type === "put-farm" ? ".farm" : operation?.type === "put-list" ? ".list" : "";
  const head = `operations[${at}]${part}`;
  return { ok: false, error: { ...failed.error, issues: within(head, failed.error.issues) } };
}

/** A backend belongs to one farm: health, marks and counters go by its id. One pass, however many farms are new. */
function sharedBackends(changed: ReadonlyMap<string, unknown>, farms: ReadonlyMap<string, DesiredFarm>): Issue[] {
  const owners = new Map<string, Farm>();
  for (const farmId of changed.keys()) {
    const farm = farms.get(farmId)?.farm;
    for (const backend of farm?.backends ?? []) if (farm !== undefined) owners.set(backend.id, farm);
  }
  if (owners.size === 0) return [];
  for (const { farm } of farms.values()) {
    for (const { id } of farm.backends) {
      const owner = owners.get(id);
      if (owner === undefined || owner.id === farm.id) continue;
      return [{ path: "backends", message: `Backend id ${id} stands in farm ${farm.name} and in farm ${owner.name}` }];
    }
  }
  return [];
}

function limitIssues(farms: ReadonlyMap<string, DesiredFarm>): Issue[] {
  const issues: Issue[] = [];
  if (farms.size > limits.farmsMax)
    issues.push({ path: "", message: `At most ${limits.farmsMax} farms; this would be ${farms.size}` });
  let backends = 0;
  for (const { farm } of farms.values()) backends += farm.backends.length;
  if (backends > limits.backendsMax)
    issues.push({
      path: "backends",
      message: `At most ${limits.backendsMax} backends in all farms; this would be ${backends}`,
    });
  return issues;
}
