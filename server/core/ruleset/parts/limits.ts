/**
 * Connection limits of backends. Counting enters a connection into the list of the backend that gets it, never of one that was only asked,
 * so an overflow counts once. The connection that reaches the limit marks the backend as full for a few seconds; meanwhile others are
 * chosen without counting. When the mark has run out the next connection tries: if the backend is still full it is dropped and its retry
 * finds the mark, so the limit is never exceeded and a place that became free is used again.
 * Counts are the kernel's: a limit that changes is another set, whose count begins anew.
 */
import { dropMark, idMark, markText, missMark, rejectMark } from "../../allocation/marks.ts";
import type { Family } from "../../farm/types.ts";
import type { FarmObject } from "../model.ts";
import { countTurned } from "../turned.ts";
import { farmChain, farmObject, type PartInput } from "./part.ts";
import { otherSlotStatement } from "./slots.ts";

/** How long a backend counts as full: longer than the first retry of a SYN (1 s), which must find the mark. */
const fullS = 3;
const setSize = 65_536;
/** Slots asked once more before every backend is. */
const attempts = 2;

export type Limits = {
  /** the set of backends that are full */
  readonly full: string;
  readonly objects: readonly (readonly [string, FarmObject])[];
  /** counts, then translates; takes the place of the shared chain */
  readonly chain: readonly [string, readonly string[]];
  /** from a backend that is full to one that is not, or to nobody */
  readonly overflow: readonly string[];
};

/** null: no backend of this family has a limit. */
export function limitsOf(input: PartInput, family: Family): Limits | null {
  const groups = byLimit(input, family);
  if (groups.size === 0) return null;
  const options = [`size ${setSize}`, "flags dynamic,timeout"];
  const full = farmObject("full", input.own.number, family, { kind: "set", type: "mark", options });
  const objects = [full];
  const rules: string[] = [];
  for (const [limit, ids] of [...groups].sort(([a], [b]) => a - b)) {
    const near = counting(input, family, "n", limit);
    const over = counting(input, family, "o", limit);
    objects.push(near, over);
    const match = `ct mark { ${ids.map((id) => markText(idMark(input.tag, id))).join(", ")} }`;
    const mark = `update @${full[0]} { ct mark timeout ${fullS}s }`;
    const miss = `ct mark set ${markText(missMark(input.tag))} accept`;
    rules.push(`${match} add @${near[0]} { ct mark ct count over ${limit - 1} } ${mark}`);
    rules.push(`${match} add @${over[0]} { ct mark ct count over ${limit} } ${miss}`);
  }
  const chain = farmChain(input.own.number, family, "take");
  return {
    full: full[0],
    objects,
    chain: [chain, [...rules, `goto dnat${family}`]],
    overflow: overflowRules(input, family, full[0]),
  };
}

/** Limit -> ids of those backends that can be reached: who is out takes nobody and needs no count. */
function byLimit({ members }: PartInput, family: Family): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { id, backend, eff } of members) {
    if (backend.maxConnections === null || eff.family !== family || !eff.inMap) continue;
    const group = groups.get(backend.maxConnections);
    if (group === undefined) groups.set(backend.maxConnections, [id]);
    else group.push(id);
  }
  return groups;
}

/** The limit stands in the set's elements, so its number, in letters, stands in the set's name. */
function counting({ own }: PartInput, family: Family, prefix: string, limit: number) {
  const declaration = { kind: "set", type: "mark", options: [`size ${setSize}`, "flags dynamic"] } as const;
  return farmObject(`${prefix}${letters(limit)}`, own.number, family, declaration);
}

/** At most six for the largest limit: a name of ours has eight. */
function letters(value: number): string {
  const rest = Math.floor(value / 26);
  return `${rest === 0 ? "" : letters(rest)}${String.fromCharCode(97 + (value % 26))}`;
}

/** First as the scheduler would, then each that serves: every rule asks whether the one chosen by now is full. */
function overflowRules(input: PartInput, family: Family, full: string): string[] {
  const { tag, farm, own, members } = input;
  const again = Array.from({ length: attempts }, (_, at) => otherSlotStatement(input, family, at + 1));
  const serving = members.filter(({ eff }) => eff.family === family && eff.weight > 0);
  const nobody = markText(farm.onAllDown === "drop" ? dropMark(tag) : rejectMark(tag));
  return [
    // whoever has a backend has no slot's mark, and nothing to pick; a rule that has a modulus leads nowhere itself (slots.ts)
    ...again.flatMap((slot) => (slot === null ? [] : [`ct mark @${full} ${slot}`, "jump pick"])),
    ...serving.map(({ id }) => `ct mark @${full} ct mark set ${markText(idMark(tag, id))}`),
    `ct mark @${full} ${countTurned(tag, own.number, "backends-full")} ct mark set ${nobody} accept`,
  ];
}
