/**
 * One minute of a farm as it is kept: values in a fixed order, each null (not known) or a number >= 0, stored in 16 bits. Six bits say
 * the power of two, ten the place within it: whole numbers to 2,048 are exact, everything else is to 0.05 %, between 2^-19 and 2^42.
 */

/** Of a farm: connect time at the end of the minute, and the most connections at one moment. */
export const farmFields = ["p50Ms", "p95Ms", "p99Ms", "activeMax"] as const;
/** Of a backend: means of the minute; activeMax is the most at one moment, the shares are the last ones. */
export const backendFields = [
  "newPerS",
  "active",
  "activeMax",
  "packetsInPerS",
  "packetsOutPerS",
  "bytesInPerS",
  "bytesOutPerS",
  "observedPct",
  "plannedPct",
] as const;

export type MinuteValue = number | null;
export type MinuteFarm = {
  readonly farmId: string;
  /** in the order of `farmFields` */
  readonly values: readonly MinuteValue[];
  /** each with values in the order of `backendFields` */
  readonly backends: readonly { readonly backendId: string; readonly values: readonly MinuteValue[] }[];
};
/** `atMs`: the minute's beginning, a multiple of 60,000. */
export type MinuteRow = { readonly atMs: number; readonly farms: readonly MinuteFarm[] };

/** How samples, or minutes of an hour, become one value. */
type Pick = "mean" | "last" | "max";
const farmPicks: readonly Pick[] = ["last", "last", "last", "max"];
const backendPicks: readonly Pick[] = ["mean", "mean", "max", "mean", "mean", "mean", "mean", "last", "last"];

export const unknownCode = 0xffff;
const biggestCode = 0xfffe;
const steps = 1024;
const bias = 20;
/** less is zero */
const tiniest = 0.999 * 2 ** (1 - bias);

export function columnsFor(backends: number): number {
  return farmFields.length + backends * backendFields.length;
}

/** Column of a backend's first value: the farm's own come first, then those of each backend. */
export function firstColumn(backendIndex: number): number {
  return columnsFor(backendIndex);
}

export function pickAt(column: number): Pick {
  const own = farmPicks[column];
  return own ?? backendPicks[(column - farmFields.length) % backendFields.length] ?? "mean";
}

/** Anything that is no number >= 0 is not known. */
export function encodeValue(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return unknownCode;
  if (value < tiniest) return 0;
  let power = Math.floor(Math.log2(value));
  if (2 ** power > value) power -= 1;
  const place = Math.round((value / 2 ** power - 1) * steps);
  return Math.min(biggestCode, (power + bias) * steps + place);
}

const decoded = new Float64Array(unknownCode + 1).fill(-1);

/** NaN for what is not known. */
export function decodeCode(code: number): number {
  if (code === unknownCode) return Number.NaN;
  const known = decoded[code] ?? -1;
  if (known >= 0) return known;
  const exact = code === 0 ? 0 : (1 + (code % steps) / steps) * 2 ** (Math.floor(code / steps) - bias);
  // five digits name the code without its binary tail
  const value = Number(exact.toPrecision(5));
  decoded[code] = value;
  return value;
}

/** One value from codes of the same column, oldest first. */
export function combineCodes(codes: Iterable<number>, pick: Pick): number {
  let held = 0;
  let count = 0;
  for (const code of codes) {
    if (code === unknownCode) continue;
    const value = decodeCode(code);
    held = pick === "mean" ? held + value : pick === "max" && count > 0 ? Math.max(held, value) : value;
    count += 1;
  }
  if (count === 0) return unknownCode;
  return encodeValue(pick === "mean" ? held / count : held);
}
