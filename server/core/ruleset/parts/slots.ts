/**
 * The scheduler: a rule per family that computes a global slot number, and the slots that say whose each is. A client's hash
 * meets the same slot on every balancer, and the table behind it is the same too (names, not positions or history). Slots above the
 * modulus (after a shrink) and those of a block just left repeat the order: a packet still in the old rule finds a backend that serves.
 */
import { markText, slotMark } from "../../allocation/marks.ts";
import { familyOwners, memberOf } from "../../farm/family-plan.ts";
import type { Family, Farm } from "../../farm/types.ts";
import { SlotElements } from "../slot-elements.ts";
import { farmChain, type PartInput, type PartOutput } from "./part.ts";
import { nobodyRule } from "./refuse.ts";

export function slotsPart(input: PartInput): PartOutput {
  return [["slots", slotElements(input)]];
}

export function slotElements(input: PartInput): SlotElements {
  const orders = { 4: slotOrder(input, 4), 6: slotOrder(input, 6) };
  const { slots, retiring } = input.own;
  const blocks = [{ family: 4, ...slots[4] } as const, { family: 6, ...slots[6] } as const, ...retiring];
  return new SlotElements(
    input.tag,
    blocks.map(({ family, base, filled }) => ({ base, ids: repeated(orders[family], filled) })),
  );
}

/** Chain name -> its rules, for each family the farm has a VIP of. */
export function farmChains(input: PartInput): Map<string, readonly string[]> {
  return new Map(input.families.map((family) => [farmChain(input.own.number, family), schedulerRules(input, family)]));
}

/**
 * Where to go stands in a rule of its own: a rule that leads somewhere, written anew, makes the kernel follow every way through every farm again
 * (5 ms with 1,000 farms, 20 with 5,000); one that only computes a number does not.
 */
function schedulerRules(input: PartInput, family: Family): readonly string[] {
  const slot = slotStatement(input, family);
  return slot === null ? [nobodyRule(input.tag, input.farm.onAllDown)] : [slot, `goto sched${family}`];
}

/** `ct mark set` of the next connection's slot; null when nobody serves. */
export function slotStatement({ tag, farm, own }: PartInput, family: Family): string | null {
  const { base, modulus } = own.slots[family];
  if (modulus === 0) return null;
  return `ct mark set ${generator(farm, family, modulus)} offset ${markText(slotMark(tag, base))}`;
}

/** The same for a connection whose slot was of no use: by chance, or by another hash, so that a client is sent to the same place again. */
export function otherSlotStatement({ tag, farm, own }: PartInput, family: Family, attempt: number): string | null {
  const { base, modulus } = own.slots[family];
  if (modulus === 0) return null;
  const isSeeded = farm.scheduler === "source-hash" || farm.scheduler === "maglev";
  const other = isSeeded
    ? hashGenerator(farm, family, modulus, hashSeed + attempt)
    : generator({ ...farm, scheduler: "random" }, family, modulus);
  return `ct mark set ${other} offset ${markText(slotMark(tag, base))}`;
}

/**
 * What gives a number below the modulus. Incremental is also where a measured scheduler starts: its slots follow the weights.
 * symhash is seeded by each kernel at its start, so two balancers do not agree on it; jhash here is the same everywhere.
 */
export function generator(farm: Farm, family: Family, modulus: number): string {
  const { scheduler } = farm;
  if (scheduler === "symmetric-hash") return `symhash mod ${modulus}`;
  if (scheduler === "source-hash" || scheduler === "maglev") return hashGenerator(farm, family, modulus, hashSeed);
  return `numgen ${scheduler === "random" ? "random" : "inc"} mod ${modulus}`;
}

function hashGenerator(farm: Farm, family: Family, modulus: number, seed: number): string {
  return `jhash ${hashedFields(farm, family)} mod ${modulus} seed ${markText(seed)}`;
}

/** Part of what balancers agree on, so it never changes. */
const hashSeed = 0x51_ac_e0_1d;

function hashedFields({ hashFields }: Farm, family: Family): string {
  const fields: readonly (readonly [Farm["hashFields"][number], string])[] = [
    ["source-address", family === 4 ? "ip saddr" : "ip6 saddr"],
    ["source-port", "th sport"],
  ];
  return fields.flatMap(([field, text]) => (hashFields.includes(field) ? [text] : [])).join(" . ");
}

/** Kernel ids in the order of the slots, modulus long. */
export function slotOrder({ farm, own, members }: PartInput, family: Family): Uint32Array {
  const { modulus, rewrites } = own.slots[family];
  const ids = new Uint32Array(modulus);
  if (modulus === 0) return ids;
  const own4or6 = members.filter(({ eff }) => eff.family === family);
  const plan = own4or6.map(({ backend, eff }) => memberOf(farm, backend.name, eff));
  const owners = familyOwners(farm, plan, modulus, rewrites);
  for (let slot = 0; slot < modulus; slot++) ids[slot] = own4or6[owners[slot] ?? 0]?.id ?? 0;
  return ids;
}

/** None where nobody serves. */
function repeated(order: Uint32Array, length: number): Uint32Array {
  if (order.length === length) return order;
  const ids = new Uint32Array(order.length === 0 ? 0 : length);
  for (let at = 0; at < ids.length; at++) ids[at] = order[at % order.length] ?? 0;
  return ids;
}
