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

/**
 * A digest of all farms that costs in proportion to what changed: each farm's own hash is kept as long as the farm object lives,
 * and the state's hash is the hash of their sorted list. A state without lists has the digest it had before there were any.
 */
export function createDigester(
  sha256: (text: string) => string,
): (farms: Iterable<Farm>, lists?: Iterable<NamedList>) => string {
  const known = new WeakMap<Farm | NamedList, string>();
  const lineOf = (item: Farm | NamedList, head: string): string => {
    const held = known.get(item);
    if (held !== undefined) return held;
    const line = `${head}${item.id} ${sha256(canonicalJson(item))}\n`;
    known.set(item, line);
    return line;
  };
  return (farms, lists = []) => {
    const lines = [
      ...Array.from(farms, (farm) => lineOf(farm, "")),
      ...Array.from(lists, (list) => lineOf(list, "list ")),
    ];
    return sha256(lines.sort().join(""));
  };
}
