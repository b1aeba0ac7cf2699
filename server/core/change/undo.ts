/**
 * The operations that bring a farm from `after` back to `before`: the smallest kind that does it, so that undoing a weight is urgent
 * like the weight was. Undo is a change like any other: `base` is the farm's version now.
 */
import type { NamedList } from "../farm/named-list.ts";
import type { Backend, Farm } from "../farm/types.ts";
import { canonicalJson } from "./digest.ts";
import type { Operation } from "./operation.ts";

export function undoOperations(before: Farm | null, after: Farm | null, base: number | null): Operation[] {
  if (before === null && after === null) return [];
  if (before === null) return after === null ? [] : [{ type: "remove-farm", base, farmId: after.id }];
  if (after === null) return [{ type: "put-farm", base: null, farm: before }];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  return smallSteps(before, after, base) ?? [{ type: "put-farm", base, farm: before }];
}

/** The same for a list. */
export function undoListOperations(
  before: NamedList | null,
  after: NamedList | null,
  base: number | null,
): Operation[] {
  if (before === null) return after === null ? [] : [{ type: "remove-list", base, listId: after.id }];
  if (after !== null && canonicalJson(before) === canonicalJson(after)) return [];
  return [{ type: "put-list", base: after === null ? null : base, list: before }];
}

/** null when more than weights, states and enabled differ. */
function smallSteps(before: Farm, after: Farm, base: number | null): Operation[] | null {
  if (canonicalJson(structureOf(before)) !== canonicalJson(structureOf(after))) return null;
  const farmId = before.id;
  const steps: Operation[] = [];
  const weights = differing(before, after, (backend) => backend.weight);
  const states = differing(before, after, (backend) => backend.adminState);
  if (weights !== null) steps.push({ type: "set-weights", base, farmId, weights });
  if (states !== null) steps.push({ type: "set-admin-state", base, farmId, states });
  if (before.enabled !== after.enabled) steps.push({ type: "set-enabled", base, farmId, enabled: before.enabled });
  return steps;
}

/** The farm without what the small operations can set. */
function structureOf(farm: Farm): unknown {
  const backends = farm.backends.map((backend) => ({ ...backend, weight: 0, adminState: "active" }));
  return { ...farm, enabled: true, backends };
}

/** Values of `before` where the two differ; the backends are the same ones in the same order. */
function differing<T>(before: Farm, after: Farm, pick: (backend: Backend) => T): Record<string, T> | null {
  const now = new Map(after.backends.map((backend) => [backend.id, pick(backend)]));
  const changed = before.backends.filter((backend) => now.get(backend.id) !== pick(backend));
  return changed.length === 0 ? null : Object.fromEntries(changed.map((backend) => [backend.id, pick(backend)]));
}
