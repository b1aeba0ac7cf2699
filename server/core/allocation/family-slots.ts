/**
 * A farm's slots per family: which modulus, which block, when to move. Invariants: modulus <= filled <= capacity, and capacity is at
 * most 4 x modulus; a farm that nobody serves in a family has no block there; every new modulus or block is one more rewrite.
 */

import { familyOf } from "../farm/address.ts";
import type { EffectiveFarm } from "../farm/effective.ts";
import { familyMembers, familyModulus } from "../farm/family-plan.ts";
import type { Family, Farm } from "../farm/types.ts";
import { type Block, capacityFor, type SlotSpace, takeBlock } from "./space.ts";

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

type SlotsByFamily = Readonly<Record<Family, FamilySlots>>;

const none: FamilySlots = { base: 0, capacity: 0, modulus: 0, filled: 0, rewrites: 0 };
export const noSlots: SlotsByFamily = { 4: none, 6: none };

/** null: no space left. `slots` is the same reference when nothing changes. */
export function planSlots(before: { slots: SlotsByFamily; space: SlotSpace; farm: Farm; eff: EffectiveFarm }): {
  slots: SlotsByFamily;
  space: SlotSpace;
  left: RetiringBlock[];
} | null {
  let { slots, space } = before;
  const left: RetiringBlock[] = [];
  const families = vipFamilies(before.farm);
  for (const family of [4, 6] as const) {
    const own = slots[family];
    const members = families.has(family) ? familyMembers(before.farm, before.eff, family) : [];
    const modulus = familyModulus(before.farm, members, own.modulus);
    const next = nextSlots(own, modulus, space);
    if (next === null) return null;
    if (next.slots === own) continue;
    slots = { ...slots, [family]: next.slots };
    space = next.space;
    if (next.isMoved && own.capacity > 0)
      left.push({ family, base: own.base, capacity: own.capacity, filled: own.filled });
  }
  return { slots, space, left };
}

/** Families the farm has a VIP of, and so a chain and a block. */
function vipFamilies(farm: Farm): ReadonlySet<Family> {
  return new Set(farm.addresses.map(familyOf));
}

function nextSlots(
  own: FamilySlots,
  modulus: number,
  space: SlotSpace,
): { slots: FamilySlots; space: SlotSpace; isMoved: boolean } | null {
  if (modulus === own.modulus) return { slots: own, space, isMoved: false };
  const rewrites = own.rewrites + 1;
  if (modulus === 0) return { slots: { ...none, rewrites }, space, isMoved: true };
  if (modulus <= own.capacity && modulus * 4 >= own.capacity) {
    const filled = Math.max(own.filled, modulus);
    return { slots: { ...own, modulus, filled, rewrites }, space, isMoved: false };
  }
  const taken = takeBlock(space, capacityFor(modulus));
  if (taken === null) return null;
  return { slots: { ...taken.block, modulus, filled: modulus, rewrites }, space: taken.space, isMoved: true };
}
