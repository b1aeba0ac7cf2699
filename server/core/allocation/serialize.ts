/** The allocation as JSON text. Free blocks are not written: they are what the used ones leave. */
import * as z from "zod/mini";
import { parseJson } from "../json.ts";
import { PersistentMap } from "../persistent-map.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Allocation, FarmAllocation } from "./allocation.ts";
import { numberMax, tagMax, tagMin } from "./marks.ts";
import { type Block, spaceOf } from "./space.ts";

const count = z.int().check(z.gte(0), z.lte(2 ** 31));
const number = z.int().check(z.gte(0), z.lte(numberMax + 1));
const slots = z.strictObject({ base: number, capacity: number, modulus: number, filled: number, rewrites: count });
const block = z.strictObject({ base: number, capacity: number });
const retiringBlock = z.strictObject({ base: number, capacity: number, family: z.literal([4, 6]), filled: number });

const savedSchema = z.strictObject({
  version: z.literal(1),
  tag: z.int().check(z.gte(tagMin), z.lte(tagMax)),
  nextId: number,
  nextFarmNumber: number,
  farms: z.array(
    z.strictObject({
      farmId: z.string(),
      number,
      ids: z.record(z.string(), number),
      slots4: slots,
      slots6: slots,
      retiring: z.array(retiringBlock),
      denials: z._default(z.record(z.string(), number), {}),
    }),
  ),
  retired: z.array(number),
  cooling: z.array(block),
  // since there are named lists
  nextListNumber: z._default(number, 1),
  lists: z._default(z.array(z.strictObject({ name: z.string(), number })), []),
});
type Saved = z.output<typeof savedSchema>;

export function serializeAllocation(allocation: Allocation): string {
  const saved: Saved = {
    version: 1,
    tag: allocation.tag,
    nextId: allocation.nextId,
    nextFarmNumber: allocation.nextFarmNumber,
    farms: [...allocation.farms.entries()]
      .sort(([, a], [, b]) => a.number - b.number)
      .map(([farmId, own]) => ({
        farmId,
        number: own.number,
        ids: Object.fromEntries(own.ids),
        slots4: own.slots[4],
        slots6: own.slots[6],
        retiring: [...own.retiring],
        denials: Object.fromEntries(own.denials),
      })),
    retired: [...allocation.retired],
    cooling: [...allocation.cooling],
    nextListNumber: allocation.nextListNumber,
    lists: Array.from(allocation.lists, ([name, given]) => ({ name, number: given })),
  };
  return JSON.stringify(saved);
}

/** "storage" when the text is none of ours, or says what cannot be: blocks that overlap, ids above the next one. */
export function parseAllocation(text: string): Result<Allocation> {
  const json = parseJson(text);
  const parsed = savedSchema.safeParse(json);
  if (!parsed.success) return unreadable(parsed.error.issues[0]?.message ?? "not JSON");
  const saved = parsed.data;
  const wrong = contradiction(saved);
  if (wrong !== null) return unreadable(wrong);
  return ok({
    tag: saved.tag,
    nextId: saved.nextId,
    nextFarmNumber: saved.nextFarmNumber,
    farms: PersistentMap.from(saved.farms.map((farm): [string, FarmAllocation] => [farm.farmId, ownOf(farm)])),
    retired: new Set(saved.retired),
    cooling: saved.cooling,
    moved: new Set(saved.farms.filter(({ retiring }) => retiring.length > 0).map(({ farmId }) => farmId)),
    space: spaceOf(usedBlocks(saved)),
    nextListNumber: saved.nextListNumber,
    lists: new Map(saved.lists.map((list) => [list.name, list.number])),
  });
}

function ownOf(farm: Saved["farms"][number]): FarmAllocation {
  const { number: farmNumber, ids, slots4, slots6, retiring } = farm;
  const denials = new Map(Object.entries(farm.denials));
  return { number: farmNumber, ids: new Map(Object.entries(ids)), slots: { 4: slots4, 6: slots6 }, retiring, denials };
}

function usedBlocks(saved: Saved): Block[] {
  const owned = saved.farms.flatMap(({ slots4, slots6, retiring }) => [slots4, slots6, ...retiring]);
  return [...owned, ...saved.cooling].filter(({ capacity }) => capacity > 0);
}

function contradiction(saved: Saved): string | null {
  const blocks = usedBlocks(saved).sort((a, b) => a.base - b.base);
  for (const [at, { base, capacity }] of blocks.entries()) {
    if (!Number.isInteger(Math.log2(capacity)) || base % capacity !== 0) return `block ${base} is not aligned`;
    const next = blocks[at + 1];
    if (next !== undefined && base + capacity > next.base) return `blocks at ${base} and ${next.base} overlap`;
  }
  const ids = [...saved.farms.flatMap((farm) => Object.values(farm.ids)), ...saved.retired];
  if (new Set(ids).size !== ids.length) return "a backend id is there twice";
  if (ids.some((id) => id >= saved.nextId)) return "a backend id is above the next one";
  if (saved.farms.some((farm) => farm.number >= saved.nextFarmNumber)) return "a farm number is above the next one";
  if (saved.lists.some((list) => list.number >= saved.nextListNumber)) return "a list number is above the next one";
  return null;
}

function unreadable(detail: string): Result<never> {
  return fail("storage", "The saved allocation cannot be read", { detail });
}
