/**
 * The slots of one family of a farm, whatever its scheduler: what allocation, compiler, shares and preview all go by, so that they
 * never differ. Members are the farm's backends of the family; one of weight 0 takes no slot.
 */
import { fixedModulus, fixedSlotPlan, interleave, rotate, slotPlan } from "./apportion.ts";
import { isMeasured } from "./dynamic.ts";
import type { EffectiveBackend, EffectiveFarm } from "./effective.ts";
import { hashModulus, hashTable, isHashing } from "./hash-slots.ts";
import { steadyOrder } from "./steady-order.ts";
import type { Family, Farm } from "./types.ts";

/** `weight` is what the scheduler goes by; `factor` what it was multiplied by, absent = 1. */
export type Member = { readonly name: string; readonly weight: number; readonly factor?: number };

type Scheduled = Pick<Farm, "scheduler">;
type Weighed = Pick<EffectiveBackend, "weight" | "factor">;

export function memberOf(farm: Scheduled, name: string, backend: Weighed): Member {
  const { factor } = backend;
  const weight = schedulerWeight(farm, backend);
  return factor === undefined ? { name, weight } : { name, weight, factor };
}

/** What the scheduler goes by: every serving backend once for round-robin (less while it starts slowly), else its weight. */
export function schedulerWeight(farm: Scheduled, backend: Weighed): number {
  if (farm.scheduler !== "round-robin") return backend.weight;
  return backend.weight > 0 ? (backend.factor ?? 1) : 0;
}

/** In the order of the farm's backends, with their ids. */
export function familyMembers(
  farm: Farm,
  eff: EffectiveFarm,
  family: Family,
): (Member & { readonly backendId: string })[] {
  const members: (Member & { readonly backendId: string })[] = [];
  for (const [at, backend] of eff.backends.entries()) {
    if (backend.family !== family) continue;
    const { backendId, factor } = backend;
    const name = farm.backends[at]?.name ?? "";
    const weight = schedulerWeight(farm, backend);
    members.push(factor === undefined ? { backendId, name, weight } : { backendId, name, weight, factor });
  }
  return members;
}

/** Slots in use; 0 = nobody serves. `previous`: the modulus so far (0 = none), kept where shares stay exact in it. */
export function familyModulus(farm: Scheduled, members: readonly Member[], previous = 0): number {
  const { scheduler } = farm;
  if (!isHashing(scheduler)) return modulusOf(farm, members, previous);
  return members.some(isServing) ? hashModulus(scheduler, members.length) : 0;
}

/** Slots of each member; they sum to the modulus. */
export function familyCounts(farm: Scheduled, members: readonly Member[], previous = 0): number[] {
  const { scheduler } = farm;
  if (!isHashing(scheduler)) return slotsOf(farm, members, previous).counts;
  const counts = members.map(() => 0);
  const modulus = familyModulus(farm, members);
  if (modulus === 0) return counts;
  const table = hashTable(scheduler, members.filter(isServing), modulus);
  for (const [at, index] of servingIndexes(members).entries()) counts[index] = table.counts[at] ?? 0;
  return counts;
}

/**
 * Index of the member that has each slot, `modulus` long (empty when 0). `rewrites` turns the order of generators that restart;
 * a hash has no order to turn.
 */
export function familyOwners(
  farm: Scheduled,
  members: readonly Member[],
  modulus: number,
  rewrites: number,
): ArrayLike<number> {
  if (modulus === 0) return [];
  if (familyModulus(farm, members, modulus) !== modulus) throw new Error("the allocation is of other weights");
  const { scheduler } = farm;
  if (!isHashing(scheduler)) {
    const { counts } = slotsOf(farm, members, modulus);
    return rotate(isMoving(farm, members) ? steadyOrder(counts) : interleave(counts), rewrites);
  }
  const serving = servingIndexes(members);
  const { owners } = hashTable(scheduler, members.filter(isServing), modulus);
  // tables are long: as they are where everybody serves
  return serving.length === members.length ? owners : owners.map((at) => serving[at] ?? 0);
}

function modulusOf(farm: Scheduled, members: readonly Member[], previous: number): number {
  const weights = members.map(({ weight }) => weight);
  return isMoving(farm, members) ? fixedModulus(weights) : slotPlan(weights, previous).modulus;
}

/** Weights that move each second share out a number of slots that stays: another one would restart the kernel's generator each time. */
function slotsOf(farm: Scheduled, members: readonly Member[], previous: number) {
  const weights = members.map(({ weight }) => weight);
  return isMoving(farm, members) ? fixedSlotPlan(weights) : slotPlan(weights, previous);
}

function isMoving({ scheduler }: Scheduled, members: readonly Member[]): boolean {
  return isMeasured(scheduler) || members.some(({ factor }) => factor !== undefined && factor !== 1);
}

function servingIndexes(members: readonly Member[]): number[] {
  return members.flatMap((member, index) => (isServing(member) ? [index] : []));
}

function isServing({ weight }: Member): boolean {
  return weight > 0;
}
