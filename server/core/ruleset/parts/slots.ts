/**
 * The scheduler: one rule per family that computes a global slot number, and the slots that say whose each is. Slots above the
 * modulus (after a shrink) and those of a block just left repeat the order: a packet still in the old rule finds a backend that serves.
 */
import { idMark, markText, slotMark } from "../../allocation/marks.ts";
import { interleave, rotate, slotPlan } from "../../farm/apportion.ts";
import { schedulerWeight } from "../../farm/shares.ts";
import type { Family, Farm } from "../../farm/types.ts";
import { farmChain, type PartInput, type PartOutput } from "./part.ts";
import { nobodyRule } from "./refuse.ts";

export function slotsPart(input: PartInput): PartOutput {
  const slots = new Map<string, string>();
  for (const family of [4, 6] as const) {
    const order = slotOrder(input, family);
    if (order.length === 0) continue;
    const { base, filled } = input.own.slots[family];
    fill(slots, input.tag, base, filled, order);
    for (const block of input.own.retiring)
      if (block.family === family) fill(slots, input.tag, block.base, block.filled, order);
  }
  return [["slots", slots]];
}

/** Chain name -> its rules, for each family the farm has a VIP of. */
export function farmChains(input: PartInput): Map<string, readonly string[]> {
  return new Map(input.families.map((family) => [farmChain(input.own.number, family), [schedulerRule(input, family)]]));
}

function schedulerRule({ tag, farm, own }: PartInput, family: Family): string {
  const { base, modulus } = own.slots[family];
  if (modulus === 0) return nobodyRule(tag, farm.onAllDown);
  const offset = markText(slotMark(tag, base));
  return `ct mark set numgen ${generator(farm)} mod ${modulus} offset ${offset} goto sched${family}`;
}

function generator(farm: Farm): "inc" | "random" {
  return farm.scheduler === "random" ? "random" : "inc";
}

/** Kernel ids in the order of the slots, modulus long. */
function slotOrder({ farm, own, members }: PartInput, family: Family): number[] {
  const { modulus, rewrites } = own.slots[family];
  if (modulus === 0) return [];
  const serving = members.filter(({ eff }) => eff.family === family && eff.weight > 0);
  const weights = serving.map(({ eff }) => schedulerWeight(farm, eff));
  const plan = slotPlan(weights, modulus);
  if (plan.modulus !== modulus) throw new Error(`farm ${farm.id}: the allocation is of other weights`);
  return rotate(interleave(plan.counts), rewrites).map((at) => serving[at]?.id ?? 0);
}

function fill(slots: Map<string, string>, tag: number, base: number, count: number, order: readonly number[]): void {
  const targets = order.map((id) => markText(idMark(tag, id)));
  for (let at = 0; at < count; at++) {
    const target = targets[at % targets.length];
    if (target !== undefined) slots.set(markText(slotMark(tag, base + at)), target);
  }
}
