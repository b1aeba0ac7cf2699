/**
 * Which backend ids, farm numbers and slot blocks are in use: the only history the compiler sees. Never changed in place.
 * Invariants: ids and farm numbers count upward and are never reused; a changed address or port is a new id; an id that left its farm
 * is retired (it stays in bin/bout until no conntrack entry carries it); blocks are disjoint, their sizes powers of two.
 * Slots are counted globally, in slots, not in marks.
 */
import type { EffectiveFarm } from "../farm/effective.ts";
import type { Backend, Family, Farm } from "../farm/types.ts";
import { PersistentMap } from "../persistent-map.ts";
import type { Result } from "../result.ts";
import { defaultTag } from "./marks.ts";

export type Block = { readonly base: number; readonly capacity: number };

/** A farm's slots in one family. */
export type FamilySlots = Block & {
  /** slots the scheduler rule uses; 0 = nobody serves, and then there is no block (capacity 0) */
  readonly modulus: number;
  /** slots that have an element, at least modulus: surplus ones keep pointing at backends that serve */
  readonly filled: number;
  /** how often the scheduler rule was replaced: rotates the order */
  readonly rewrites: number;
};

/** A block that was left: its elements go, and its slots are free, at least 1 s after the transaction that left it. */
export type RetiringBlock = Block & { readonly family: Family; readonly filled: number };

export type FarmAllocation = {
  readonly number: number;
  /** memberKey -> backend id of the kernel */
  readonly ids: ReadonlyMap<string, number>;
  readonly slots: Readonly<Record<Family, FamilySlots>>;
  readonly retiring: readonly RetiringBlock[];
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
};

/** Free slot blocks (buddy system). */
export type SlotSpace = {
  /** slots at and above have never been taken, or were given back */
  readonly top: number;
  /** sorted bases of free blocks below top, by log2 of their size */
  readonly free: readonly (readonly number[])[];
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
    space: { top: 0, free: [] },
  };
}

/** Ids for new members, retired ids for those that left, slots for the effective weights. Same reference when nothing changes. */
export function allocateFarm(_previous: Allocation, _farm: Farm, _eff: EffectiveFarm): Result<Allocation> {
  throw new Error("not built");
}

/** The farm is gone: its ids are retired, its blocks cool down. */
export function releaseFarm(_previous: Allocation, _farmId: string): Allocation {
  throw new Error("not built");
}

/** No conntrack entry carries these ids any more. */
export function forgetRetired(_previous: Allocation, _ids: Iterable<number>): Allocation {
  throw new Error("not built");
}

/** Blocks to release at least 1 s after the transaction that left them; recompile the farms named afterwards. */
export function retiringBlocks(_allocation: Allocation): { readonly farmId: string | null; readonly base: number }[] {
  throw new Error("not built");
}

export function releaseBlocks(_previous: Allocation, _bases: Iterable<number>): Allocation {
  throw new Error("not built");
}

/** Member of a farm: a changed address or port is another member. */
export function memberKey(backend: Pick<Backend, "id" | "address" | "port">): string {
  return `${backend.id} ${backend.address} ${backend.port ?? "-"}`;
}

/** The kernel's id of a backend, or null when it is not allocated. */
export function backendIdNumber(allocation: Allocation, farmId: string, backend: Backend): number | null {
  return allocation.farms.get(farmId)?.ids.get(memberKey(backend)) ?? null;
}
