/**
 * Which backend ids, farm numbers and slot blocks are in use: the only history the compiler sees. Never changed in place.
 * Invariants: ids and farm numbers count upward and are never reused; a changed address or port is a new id; an id that left its farm
 * is retired (it stays in bin/bout until no conntrack entry carries it); blocks are disjoint, their sizes powers of two. Lists are
 * numbered by name, because farms refer to them by name: what a name holds changes without touching the farms.
 * Slots are counted globally, in slots, not in marks.
 */
import type { EffectiveFarm } from "../farm/effective.ts";
import { referencesOf } from "../farm/networks.ts";
import type { Backend, Family, Farm } from "../farm/types.ts";
import { PersistentMap } from "../persistent-map.ts";
import { fail, ok, type Result } from "../result.ts";
import { type FamilySlots, noSlots, planSlots, type RetiringBlock } from "./family-slots.ts";
import { defaultTag, numberMax } from "./marks.ts";
import { type Block, emptySpace, giveBlock, type SlotSpace } from "./space.ts";

export type FarmAllocation = {
  readonly number: number;
  /** memberKey -> backend id of the kernel */
  readonly ids: ReadonlyMap<string, number>;
  readonly slots: Readonly<Record<Family, FamilySlots>>;
  readonly retiring: readonly RetiringBlock[];
  /** name of a list that it denies -> number of the counter of what that list turned away from it */
  readonly denials: ReadonlyMap<string, number>;
};

export type Allocation = {
  readonly tag: number;
  readonly nextId: number;
  readonly nextFarmNumber: number;
  /** by farm id */
  readonly farms: PersistentMap<FarmAllocation>;
  readonly retired: ReadonlySet<number>;
  /** blocks of farms that are gone */
  readonly cooling: readonly Block[];
  /** ids of farms that have retiring blocks */
  readonly moved: ReadonlySet<string>;
  readonly space: SlotSpace;
  /** lists and what they turn away are numbered together */
  readonly nextListNumber: number;
  /** name of a named list -> its number */
  readonly lists: ReadonlyMap<string, number>;
};

export function emptyAllocation(tag: number = defaultTag): Allocation {
  return {
    tag,
    nextId: 1,
    nextFarmNumber: 1,
    farms: PersistentMap.empty(),
    retired: new Set(),
    cooling: [],
    moved: new Set(),
    space: emptySpace,
    nextListNumber: 1,
    lists: new Map(),
  };
}

/** Ids for new members, retired ids for those that left, slots for the effective weights. Same reference when nothing changes. */
export function allocateFarm(previous: Allocation, farm: Farm, eff: EffectiveFarm): Result<Allocation> {
  const own = previous.farms.get(farm.id);
  const number = own?.number ?? previous.nextFarmNumber;
  const ids = memberIds(own?.ids, farm, previous.nextId);
  if (ids.nextId > numberMax + 1 || number > numberMax)
    return fail("too-large", "This balancer has given out all its backend ids");
  const slots = planSlots({ slots: own?.slots ?? noSlots, space: previous.space, farm, eff });
  if (slots === null) return fail("too-large", "This balancer has no free slots left");
  const denials = denialNumbers(own?.denials, farm, previous.nextListNumber);
  if (own !== undefined && ids.ids === own.ids && slots.slots === own.slots && denials.denials === own.denials)
    return ok(previous);
  const retiring = [...(own?.retiring ?? []), ...slots.left];
  const moved = slots.left.length === 0 ? previous.moved : new Set([...previous.moved, farm.id]);
  return ok({
    ...previous,
    nextId: ids.nextId,
    nextFarmNumber: Math.max(previous.nextFarmNumber, number + 1),
    nextListNumber: denials.nextNumber,
    farms: previous.farms.with(farm.id, {
      number,
      ids: ids.ids,
      slots: slots.slots,
      retiring,
      denials: denials.denials,
    }),
    retired: ids.left.length === 0 ? previous.retired : new Set([...previous.retired, ...ids.left]),
    moved,
    space: slots.space,
  });
}

/** The farm is gone: its ids are retired, its blocks cool down. */
export function releaseFarm(previous: Allocation, farmId: string): Allocation {
  const own = previous.farms.get(farmId);
  if (own === undefined) return previous;
  const blocks = [own.slots[4], own.slots[6], ...own.retiring].filter(({ capacity }) => capacity > 0);
  return {
    ...previous,
    farms: previous.farms.without(farmId),
    retired: new Set([...previous.retired, ...own.ids.values()]),
    cooling: [...previous.cooling, ...blocks.map(({ base, capacity }) => ({ base, capacity }))],
    moved: without(previous.moved, [farmId]),
  };
}

/** Numbers for exactly these lists; those that stay keep theirs. Same reference when nothing changes. */
export function allocateLists(previous: Allocation, names: Iterable<string>): Allocation {
  const wanted = [...names];
  const isSame = wanted.length === previous.lists.size && wanted.every((name) => previous.lists.has(name));
  if (isSame) return previous;
  let { nextListNumber } = previous;
  const lists = new Map<string, number>();
  for (const name of wanted) lists.set(name, previous.lists.get(name) ?? nextListNumber++);
  return { ...previous, lists, nextListNumber };
}

/** No conntrack entry carries these ids any more. */
export function forgetRetired(previous: Allocation, ids: Iterable<number>): Allocation {
  const retired = without(previous.retired, ids);
  return retired.size === previous.retired.size ? previous : { ...previous, retired };
}

/** Blocks to release at least 1 s after the transaction that left them; recompile the farms named afterwards. */
export function retiringBlocks(allocation: Allocation): { readonly farmId: string | null; readonly base: number }[] {
  const blocks: { farmId: string | null; base: number }[] = allocation.cooling.map(({ base }) => ({
    farmId: null,
    base,
  }));
  for (const farmId of [...allocation.moved].sort())
    for (const { base } of allocation.farms.get(farmId)?.retiring ?? []) blocks.push({ farmId, base });
  return blocks;
}

/** Bases that are not retiring (any more) are ignored. */
export function releaseBlocks(previous: Allocation, bases: Iterable<number>): Allocation {
  const wanted = new Set(bases);
  const isWanted = ({ base }: Block) => wanted.has(base);
  let { farms, space } = previous;
  const moved = new Set(previous.moved);
  for (const farmId of previous.moved) {
    const own = farms.get(farmId);
    if (own === undefined || !own.retiring.some(isWanted)) continue;
    for (const block of own.retiring.filter(isWanted)) space = giveBlock(space, block);
    const retiring = own.retiring.filter((block) => !isWanted(block));
    farms = farms.with(farmId, { ...own, retiring });
    if (retiring.length === 0) moved.delete(farmId);
  }
  for (const block of previous.cooling.filter(isWanted)) space = giveBlock(space, block);
  const cooling = previous.cooling.filter((block) => !isWanted(block));
  return space === previous.space ? previous : { ...previous, farms, moved, cooling, space };
}

/** Member of a farm: a changed address or port is another member. */
export function memberKey(backend: Pick<Backend, "id" | "address" | "port">): string {
  return `${backend.id} ${backend.address} ${backend.port ?? "-"}`;
}

/** The sorry server is a member like a backend; null when the farm has none. */
export function sorryKey({ sorryServer }: Pick<Farm, "sorryServer">): string | null {
  return sorryServer === null ? null : memberKey({ id: "sorry", ...sorryServer });
}

/** The kernel's id of a backend, or null when it is not allocated. */
export function backendIdNumber(allocation: Allocation, farmId: string, backend: Backend): number | null {
  return allocation.farms.get(farmId)?.ids.get(memberKey(backend)) ?? null;
}

/** Slots in use by family, as programmedShares wants them. */
export function farmModulus(allocation: Allocation, farmId: string): Record<Family, number> {
  const slots = allocation.farms.get(farmId)?.slots;
  return { 4: slots?.[4].modulus ?? 0, 6: slots?.[6].modulus ?? 0 };
}

function memberKeys(farm: Farm): string[] {
  const sorry = sorryKey(farm);
  return [...farm.backends.map(memberKey), ...(sorry === null ? [] : [sorry])];
}

function memberIds(
  before: ReadonlyMap<string, number> | undefined,
  farm: Farm,
  nextIdIn: number,
): { ids: ReadonlyMap<string, number>; nextId: number; left: number[] } {
  if (before !== undefined && memberIdsOf.get(farm) === before) return { ids: before, nextId: nextIdIn, left: [] };
  let nextId = nextIdIn;
  const ids = new Map<string, number>();
  for (const key of memberKeys(farm)) ids.set(key, before?.get(key) ?? nextId++);
  const left = [...(before ?? [])].filter(([key]) => !ids.has(key)).map(([, id]) => id);
  const isSame = before !== undefined && nextId === nextIdIn && left.length === 0;
  const after = isSame ? before : ids;
  memberIdsOf.set(farm, after);
  return { ids: after, nextId, left };
}

/** A memo only: ids that are exactly those of this farm. Other weights are asked for again and again, and change no member. */
const memberIdsOf = new WeakMap<Farm, ReadonlyMap<string, number>>();

/** A list that is denied again begins with a new counter. */
function denialNumbers(before: ReadonlyMap<string, number> | undefined, { policy }: Farm, nextNumberIn: number) {
  const names = referencesOf(policy.deny);
  if (before !== undefined && names.length === before.size && names.every((name) => before.has(name)))
    return { denials: before, nextNumber: nextNumberIn };
  let nextNumber = nextNumberIn;
  const denials = new Map<string, number>();
  for (const name of names) denials.set(name, before?.get(name) ?? nextNumber++);
  return { denials, nextNumber };
}

function without<T>(set: ReadonlySet<T>, gone: Iterable<T>): ReadonlySet<T> {
  const rest = new Set(set);
  for (const item of gone) rest.delete(item);
  return rest;
}
