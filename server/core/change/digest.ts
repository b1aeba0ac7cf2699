/**
 * One text for one state: canonical JSON with sorted keys, farms sorted by id, so that two sides can tell by a hash whether they agree.
 * The hash itself (sha-256, hex) comes from the caller. Versions and who changed what are no part of it.
 */
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
 * and the state's hash is the hash of their sorted list.
 */
export function createDigester(sha256: (text: string) => string): (farms: Iterable<Farm>) => string {
  const known = new WeakMap<Farm, string>();
  const lineOf = (farm: Farm): string => {
    const held = known.get(farm);
    if (held !== undefined) return held;
    const line = `${farm.id} ${sha256(canonicalJson(farm))}\n`;
    known.set(farm, line);
    return line;
  };
  return (farms) => sha256(Array.from(farms, lineOf).sort().join(""));
}
