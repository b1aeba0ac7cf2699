/**
 * The allocation when its file is lost: ids and farm numbers go on above what the kernel shows, and every id there is retired, so
 * that open connections stay counted and no number is given twice. Slots begin anew; the difference moves them.
 */
import { type Allocation, emptyAllocation } from "../allocation/allocation.ts";
import { idOfMark } from "../allocation/marks.ts";
import type { FlatRuleset, ObjectName } from "./model.ts";

const carryingIds: readonly ObjectName[] = ["bin", "bout", "be4", "ba4", "be6", "ba6", "masq", "snat4", "snat6"];

export function rebuildAllocation(listed: FlatRuleset): Allocation {
  const ids = new Set<number>();
  for (const object of carryingIds)
    for (const key of listed.elements.get(object)?.keys() ?? []) addId(ids, listed.tag, key);
  for (const data of listed.elements.get("slots")?.values() ?? []) addId(ids, listed.tag, data);
  const numbers = Array.from(listed.chains.keys(), (name) => Number(/_([0-9]+)_[46]$/.exec(name)?.[1] ?? 0));
  const lists = Array.from(listed.objects.keys(), (name) => Number(/^list_([0-9]+)_[46]_/.exec(name)?.[1] ?? 0));
  return {
    ...emptyAllocation(listed.tag),
    nextListNumber: Math.max(0, ...lists) + 1,
    nextId: Math.max(0, ...ids) + 1,
    nextFarmNumber: Math.max(0, ...numbers) + 1,
    retired: new Set([...ids].sort((a, b) => a - b)),
  };
}

function addId(ids: Set<number>, tag: number, mark: string): void {
  const id = idOfMark(tag, Number(mark));
  if (id !== null) ids.add(id);
}
