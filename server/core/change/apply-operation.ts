/**
 * One operation on one farm or one list. No versions and no other farms here: this is what the agent, the database and a replay of history share,
 * so that all three arrive at the same.
 */
import { isTracked } from "../farm/forwarding.ts";
import { limits } from "../farm/limits.ts";
import type { NamedList } from "../farm/named-list.ts";
import type { Backend, Farm } from "../farm/types.ts";
import { fail, type Issue, invalid, ok, type Result } from "../result.ts";
import {
  type FarmOperation,
  isFarmOperation,
  isListOperation,
  type ListOperation,
  type Operation,
} from "./operation.ts";

export function farmIdOf(operation: FarmOperation): string {
  return operation.type === "put-farm" ? operation.farm.id : operation.farmId;
}

export function listIdOf(operation: ListOperation): string {
  return operation.type === "put-list" ? operation.list.id : operation.listId;
}

/** The farm after the operation; null = it is gone. A farm that equals the one before is the same object. */
export function applyOperation(before: Farm | null, operation: FarmOperation): Result<Farm | null> {
  if (operation.type === "put-farm") return ok(operation.farm);
  if (before === null) return fail("not-found", "There is no such farm");
  switch (operation.type) {
    case "remove-farm":
      return ok(null);
    case "set-enabled":
      return ok(before.enabled === operation.enabled ? before : { ...before, enabled: operation.enabled });
    case "set-weights":
      return setOnBackends(before, operation.weights, "weights", (backend, weight) => ({ ...backend, weight }));
    case "set-admin-state":
      return setOnBackends(before, operation.states, "states", (backend, adminState) => ({ ...backend, adminState }));
    case "cut":
      return mayCut(before, operation.backendId);
  }
}

/** Replays a change on one farm; the versions were checked when it was accepted. */
export function replayOnFarm(
  before: Farm | null,
  farmId: string,
  operations: readonly Operation[],
): Result<Farm | null> {
  let farm = before;
  for (const operation of operations) {
    if (isListOperation(operation) || operation.type === "cut" || farmIdOf(operation) !== farmId) continue;
    const applied = applyOperation(farm, operation);
    if (!applied.ok) return applied;
    farm = applied.value;
  }
  return ok(farm);
}

/** Farms a change names, each once. `cut` names its farm but does not touch it. */
export function farmIdsOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.filter(isFarmOperation).map(farmIdOf))];
}

/** The list after the operation; null = it is gone. */
export function applyListOperation(before: NamedList | null, operation: ListOperation): Result<NamedList | null> {
  if (operation.type === "put-list") return ok(operation.list);
  return before === null ? fail("not-found", "There is no such list") : ok(null);
}

/** Replays a change on one list; the versions were checked when it was accepted. */
export function replayOnList(
  before: NamedList | null,
  listId: string,
  operations: readonly Operation[],
): NamedList | null {
  const last = operations.filter(isListOperation).findLast((operation) => listIdOf(operation) === listId);
  return last === undefined ? before : last.type === "put-list" ? last.list : null;
}

/** Lists a change names, each once. */
export function listIdsOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.filter(isListOperation).map(listIdOf))];
}

function setOnBackends<T>(
  farm: Farm,
  values: Readonly<Record<string, T>>,
  field: string,
  change: (backend: Backend, value: T) => Backend,
): Result<Farm> {
  const issues = unknownBackends(farm, Object.keys(values), field);
  if (issues.length > 0) return invalid(issues);
  const backends = farm.backends.map((backend) => {
    const value = values[backend.id];
    return value === undefined ? backend : change(backend, value);
  });
  return ok({ ...farm, backends });
}

function unknownBackends(farm: Farm, ids: readonly string[], field: string): Issue[] {
  const known = new Set(farm.backends.map((backend) => backend.id));
  return ids
    .filter((id) => !known.has(id))
    .slice(0, limits.backendsPerFarmMax)
    .map((id) => ({ path: `${field}.${id}`, message: `Farm ${farm.name} has no such backend` }));
}

/** Connections of a backend that still takes new ones would only come back: drain it first. */
function mayCut(farm: Farm, backendId: string): Result<Farm> {
  const backend = farm.backends.find((candidate) => candidate.id === backendId);
  if (backend === undefined) return invalid([{ path: "backendId", message: `Farm ${farm.name} has no such backend` }]);
  if (!isTracked(farm)) {
    const message = `Forwarding ${farm.forwarding} tracks no connections, so those of ${backend.name} cannot be cut`;
    return invalid([{ path: "backendId", message }]);
  }
  if (backend.adminState !== "active") return ok(farm);
  const message = `${backend.name} is active: drain it or take it into maintenance before its connections are cut`;
  return invalid([{ path: "backendId", message }]);
}
