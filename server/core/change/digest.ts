/**
 * One text for one state: canonical JSON with sorted keys, farms and lists sorted by id, so that two sides can tell by a hash whether they agree.
 * The hash itself (sha-256, hex, of texts one after the other) comes from the caller. Versions and who changed what are no part of it.
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

/**
 * A digest of all farms that costs little beside what changed: each farm's own hash is kept as long as the farm object lives, their sorted
 * list is kept from one state to the next, and the state's hash is the hash of that list. A state without lists has the digest it
 * had before there were any.
 */
export function createDigester(
  sha256: (texts: readonly string[]) => string,
): (farms: Iterable<Farm>, lists?: Iterable<NamedList>) => string {
  const known = new WeakMap<Item, string>();
  /** the state before, in the order it was given */
  let held: readonly Item[] = [];
  /** its sorted lines, in pieces: one that changed joins few others anew, not thousands */
  let pieces: { readonly lines: string[]; text: string }[] = [];
  const lineOf = (item: Item, head: string): string => {
    const found = known.get(item);
    if (found !== undefined) return found;
    const line = `${head}${item.id} ${sha256([canonicalJson(item)])}\n`;
    known.set(item, line);
    return line;
  };
  function replace(before: string, after: string): void {
    const piece = pieces.findLast(({ lines }) => (lines[0] ?? "") <= before);
    if (piece === undefined) return;
    // both begin with the same id, so the new line stands where the old one stood
    piece.lines[piece.lines.indexOf(before)] = after;
    piece.text = piece.lines.join("");
  }
  return (farms, lists = []) => {
    const items: Item[] = [...farms];
    const farmCount = items.length;
    items.push(...lists);
    const headOf = (at: number) => (at < farmCount ? "" : "list ");
    const replaced = replacements(held, items);
    if (replaced === null) pieces = piecesOf(items.map((item, at) => lineOf(item, headOf(at))).sort());
    for (const at of replaced ?? []) {
      const [before, item] = [held[at], items[at]];
      if (before !== undefined && item !== undefined) replace(lineOf(before, headOf(at)), lineOf(item, headOf(at)));
    }
    held = items;
    return sha256(pieces.map(({ text }) => text));
  };
}

const linesPerPiece = 64;

function piecesOf(sorted: readonly string[]) {
  const count = Math.ceil(sorted.length / linesPerPiece);
  return Array.from({ length: count }, (_, at) => {
    const lines = sorted.slice(at * linesPerPiece, (at + 1) * linesPerPiece);
    return { lines, text: lines.join("") };
  });
}

type Item = Farm | NamedList;

/** so many changes at once are sorted anew */
const singlyMax = 64;

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
