/**
 * One text for one state: canonical JSON with sorted keys, farms and lists sorted by id, so that two sides can tell by a hash whether they agree.
 * The hash itself (sha-256, hex) comes from the caller. Versions and who changed what are no part of it.
 */
import type { NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";

/** Object keys sorted at every depth, arrays in their order, no spaces; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** so many changes at once are sorted anew */
const singlyMax = 64;

/**
 * A digest of all farms that costs little beside what changed: each farm's own hash is kept as long as the farm object lives, their sorted
 * list is kept from one state to the next, and the state's hash is the hash of that list. A state without lists has the digest it
 * had before there were any.
 */
export function createDigester(
  sha256: (text: string) => string,
): (farms: Iterable<Farm>, lists?: Iterable<NamedList>) => string {
  const known = new WeakMap<Item, string>();
  /** the state before: in the order it was given, and its sorted lines */
  let held: readonly Item[] = [];
  let lines: string[] = [];
  const lineOf = (item: Item, head: string): string => {
    const found = known.get(item);
    if (found !== undefined) return found;
    const line = `${head}${item.id} ${sha256(canonicalJson(item))}\n`;
    known.set(item, line);
    return line;
  };
  return (farms, lists = []) => {
    const items: Item[] = [...farms];
    const farmCount = items.length;
    items.push(...lists);
    const headOf = (at: number) => (at < farmCount ? "" : "list ");
    const replaced = replacements(held, items);
    if (replaced === null) lines = items.map((item, at) => lineOf(item, headOf(at))).sort();
    else
      for (const at of replaced) {
        const [before, item] = [held[at], items[at]];
        if (before !== undefined) lines.splice(placeOf(lines, lineOf(before, headOf(at))), 1);
        if (item === undefined) continue;
        const line = lineOf(item, headOf(at));
        lines.splice(placeOf(lines, line), 0, line);
      }
    held = items;
    return sha256(lines.join(""));
  };
}

type Item = Farm | NamedList;

/** Places of the few that are other objects of the same id; null: many, or some came or went. */
function replacements(before: readonly Item[], after: readonly Item[]): number[] | null {
  if (before.length !== after.length) return null;
  const places: number[] = [];
  for (let at = 0; at < after.length; at++) {
    if (after[at] === before[at]) continue;
    if (after[at]?.id !== before[at]?.id || places.length === singlyMax) return null;
    places.push(at);
  }
  return places;
}

/** Where a line stands in the sorted lines, or would stand. */
function placeOf(lines: readonly string[], line: string): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? "") < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
