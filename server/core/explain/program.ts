/**
 * What a farm's rules do with a new connection, read back from the rules themselves: from the text the kernel lists, or from what the
 * compiler made. Reading the rules, and not the settings they came from, is what makes an explanation true: it says what runs.
 * Only the scheduling rule and the elements it leads to are understood; everything else is passed over.
 */
import { markText } from "../allocation/marks.ts";
import type { Family } from "../farm/types.ts";
import type { Elements, Fragment } from "../ruleset/model.ts";

export type HashField = "ip saddr" | "ip6 saddr" | "ip daddr" | "ip6 daddr" | "sport" | "dport";

export type SchedulerRule = {
  /** the rule as nft text */
  readonly text: string;
  readonly modulus: number;
  /** where slots lead: to marks from this one on, or into a map of the farm's own (without connection tracking) */
  readonly into: { readonly offset: number } | { readonly map: string };
} & (
  | { readonly by: "turn" | "chance" | "kernel-hash" }
  | { readonly by: "hash"; readonly fields: readonly HashField[]; readonly seed: number }
);

/** Where a slot leads. Port: null = the client's; undefined = the rules say it elsewhere. */
export type Target = { readonly address: string; readonly port: number | null | undefined };

export type Program = {
  readonly scheduler: SchedulerRule | null;
  /** where slot `at` (0-based) of the scheduler leads; null = to nobody */
  readonly targetOf: (at: number) => Target | null;
  /** the elements a slot leads through, as nft writes them */
  readonly elementsOf: (at: number) => readonly string[];
};

/** The rules of one family in the text of `nft list`, or in the same form (`fragmentText`). */
export function readProgram(text: string, family: Family): Program {
  const scheduler = readScheduler(text, family);
  if (scheduler === null) return { scheduler, targetOf: () => null, elementsOf: () => [] };
  const { into } = scheduler;
  if ("map" in into) {
    const own = readOwnMap(text, into.map);
    const targetOf = (at: number) => own.get(at) ?? null;
    return { scheduler, targetOf, elementsOf: (at) => elementsOf(String(at), targetOf(at)) };
  }
  const slots = readSlots(text);
  const targets = readTargets(text);
  const slotOf = (at: number) => markText((into.offset + at) >>> 0);
  const targetOf = (at: number) => targets.get(slots.get(slotOf(at)) ?? "") ?? null;
  return {
    scheduler,
    targetOf,
    elementsOf(at) {
      const id = slots.get(slotOf(at));
      return id === undefined ? [] : [`${slotOf(at)} : ${id}`, ...elementsOf(id, targetOf(at))];
    },
  };
}

function elementsOf(key: string, target: Target | null): string[] {
  if (target === null) return [];
  return [`${key} : ${target.address}${typeof target.port === "number" ? ` . ${target.port}` : ""}`];
}

/** A compiled farm in the form of a listing. */
export function fragmentText(fragment: Fragment): string {
  const chains = Array.from(fragment.chains, ([name, rules]) => `chain ${name} {\n${rules.join("\n")}\n}`);
  const elements = Array.from(fragment.elements, ([name, items]) => elementsText(name, items));
  return [...chains, ...elements, ownObjectsText(fragment)].join("\n");
}

/** The farm's own maps and sets alone: a listing of its chains may come without them. */
export function ownObjectsText(fragment: Fragment): string {
  return Array.from(fragment.objects, ([name, object]) => elementsText(name, object.elements)).join("\n");
}

function elementsText(name: string, items: Elements): string {
  const texts = Array.from(items, ([key, data]) => (data === "" ? key : `${key} : ${data}`));
  return `map ${name} {\nelements = { ${texts.join(",\n")} }\n}`;
}

const number = "(0x[0-9a-f]{1,8}|[0-9]{1,10})";
const scheduling = new RegExp(
  `(numgen inc|numgen random|symhash|jhash ([a-z0-9 .]+?)) mod ([0-9]{1,5})(?: seed ${number})?` +
    `(?: offset ${number}| map @([a-z0-9_]+))?(?= |$)`,
);

function readScheduler(text: string, family: Family): SchedulerRule | null {
  for (const rule of rulesOf(text, family)) {
    const [, how = "", fieldText = "", modulus, seed, offset, map] = scheduling.exec(rule) ?? [];
    if (modulus === undefined) continue;
    const into = map === undefined ? { offset: Number(offset ?? 0) } : { map };
    const base = { text: rule, modulus: Number(modulus), into };
    if (how === "numgen inc") return { ...base, by: "turn" };
    if (how === "numgen random") return { ...base, by: "chance" };
    const fields = how === "symhash" ? null : fieldsOf(fieldText);
    // without a seed in its text the kernel has chosen one by itself
    if (fields === null || seed === undefined) return { ...base, by: "kernel-hash" };
    return { ...base, by: "hash", fields, seed: Number(seed) };
  }
  return null;
}

/** Lines of the farm's chains of this family (their names say it after the number), signatures left out. */
export function rulesOf(text: string, family: Family): string[] {
  const chains = text.matchAll(/chain [a-z]+_[0-9]+_([46])[a-z_]* \{\n([\s\S]*?)\n\s*\}(?=\n|$)/g);
  return Array.from(chains)
    .filter(([, of]) => of === String(family))
    .flatMap(([, , body = ""]) => body.split("\n"))
    .map((line) => line.trim().replace(/ comment "[^"]*"$/, ""))
    .filter((line) => line !== "");
}

function fieldsOf(text: string): HashField[] | null {
  const fields: HashField[] = [];
  for (const part of text.split(" . ")) {
    const field = knownFields[part.trim()];
    if (field === undefined) return null;
    fields.push(field);
  }
  return fields;
}

const knownFields: Readonly<Record<string, HashField>> = {
  "ip saddr": "ip saddr",
  "ip6 saddr": "ip6 saddr",
  "ip daddr": "ip daddr",
  "ip6 daddr": "ip6 daddr",
  "th sport": "sport",
  "tcp sport": "sport",
  "udp sport": "sport",
  "sctp sport": "sport",
  "th dport": "dport",
  "tcp dport": "dport",
  "udp dport": "dport",
  "sctp dport": "dport",
};

const mark = "0x[0-9a-f]{8}";

/** Slots are the marks with bit 31 that lead to a mark. */
function readSlots(text: string): Map<string, string> {
  const pairs = text.matchAll(new RegExp(`(?<![.] )(0x[89a-f][0-9a-f]{7}) : (${mark})`, "g"));
  return new Map(Array.from(pairs, ([, slot = "", id = ""]) => [slot, id]));
}

function readTargets(text: string): Map<string, Target> {
  const counter = "(?: counter packets [0-9]+ bytes [0-9]+)?";
  const pattern = new RegExp(`(${mark})${counter} : ([0-9a-f:.]*[.:][0-9a-f:.]*)(?: \\. ([0-9]{1,5}))?`, "g");
  return new Map(
    Array.from(text.matchAll(pattern), ([, id = "", address = "", port]) => [
      id,
      { address, port: port === undefined ? null : Number(port) },
    ]),
  );
}

/** The first map of the name: slot number to address. */
function readOwnMap(text: string, name: string): Map<number, Target> {
  const [, body = ""] = new RegExp(`map ${name} \\{([\\s\\S]*?)\\n\\s*\\}(?=\\n|$)`).exec(text) ?? [];
  const pairs = body.matchAll(/(?<=[\s,{])([0-9]{1,5}) : ([0-9a-f:.]*[.:][0-9a-f:.]*)/g);
  return new Map(Array.from(pairs, ([, at, address = ""]) => [Number(at), { address, port: undefined }]));
}
