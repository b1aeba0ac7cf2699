/**
 * One text for one state: canonical JSON with sorted keys, farms and lists sorted by id, so that two sides can tell by a hash whether they agree.
 * The hash itself (sha-256, hex, of texts one after the other) comes from the caller. Versions and who changed what are no part of it.
 */
import type { NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";
import { FarmMap } from "./farm-map.ts";

/** Object keys sorted at every depth, arrays in their order, no spaces; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = value as Readonly<Record<string, unknown>>;
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === "" ? "{" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

type DigestState = {
  readonly farms: ReadonlyMap<string, { readonly farm: Farm }>;
  readonly lists: ReadonlyMap<string, { readonly list: NamedList }>;
};

/** The digest of a state. One that shares its farms with the state asked about before costs what differs, not what there is. */
export function createStateDigester(sha256: (texts: readonly string[]) => string): (state: DigestState) => string {
  const digester = createItems(sha256);
  let last: DigestState | null = null;
  return ({ farms, lists }) => {
    const pairs = last === null || last.lists !== lists ? null : FarmMap.of(farms).replacedSince(last.farms);
    last = { farms, lists };
    if (pairs !== null) return digester.replaced(pairs.map(([before, after]) => [before.farm, after.farm]));
    const all: Farm[] = [];
    farms.forEach(({ farm }) => void all.push(farm));
    return digester.whole(
      all,
      Array.from(lists.values(), ({ list }) => list),
    );
  };
}

/**
 * A digest of all farms that costs little beside what changed: each farm's own hash is kept as long as the farm object lives, their sorted
 * list is kept from one state to the next, and the state's hash is the hash of that list. A state without lists has the digest it
 * had before there were any.
 */
export function createDigester(
  sha256: (texts: readonly string[]) => string,
): (farms: Iterable<Farm>, lists?: Iterable<NamedList>) => string {
  const { whole } = createItems(sha256);
  return (farms, lists = []) => whole([...farms], [...lists]);
}

type Items = {
  whole(farms: readonly Farm[], lists: readonly NamedList[]): string;
  /** farms that are other objects of the same id, and nothing else since the call before */
  replaced(pairs: readonly (readonly [before: Farm, after: Farm])[]): string;
};

function createItems(sha256: (texts: readonly string[]) => string): Items {
  const known = new WeakMap<Item, string>();
  /** the state before, in the order it was given */
  let held: Item[] = [];
  /** id of a farm -> its place in it */
  let places: ReadonlyMap<string, number> = new Map();
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
  const ofPieces = () => sha256(pieces.map(({ text }) => text));
  return {
    whole(farms, lists) {
      const items: Item[] = [...farms, ...lists];
      const headOf = (at: number) => (at < farms.length ? "" : "list ");
      const replaced = replacements(held, items);
      if (replaced === null) {
        pieces = piecesOf(items.map((item, at) => lineOf(item, headOf(at))).sort());
        places = new Map(farms.map(({ id }, at) => [id, at]));
      }
      for (const at of replaced ?? []) {
        const [before, item] = [held[at], items[at]];
        if (before !== undefined && item !== undefined) replace(lineOf(before, headOf(at)), lineOf(item, headOf(at)));
      }
      held = items;
      return ofPieces();
    },
    replaced(pairs) {
      for (const [before, after] of pairs) {
        replace(lineOf(before, ""), lineOf(after, ""));
        held[places.get(after.id) ?? held.length] = after;
      }
      return ofPieces();
    },
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
