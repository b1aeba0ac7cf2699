/**
 * One minute of a farm as it is kept: values in a fixed order, each null (not known) or a number >= 0, stored in 16 bits. Six bits say
 * the power of two, ten the place within it: whole numbers to 2,048 are exact, everything else is to 0.05 %, between 2^-19 and 2^42.
 */
import type { FarmWord } from "../farm/types.ts";
import { mergedPercentiles, type PartTimes } from "./merge-percentiles.ts";

/**
 * Of a farm: connect time by probes at the end of the minute, the most connections at one moment, the time that real connections took to
 * be answered, with how many of them were timed, and its worst word, as its place in `wordsByWeight`.
 */
export const farmFields = [
  "p50Ms",
  "p95Ms",
  "p99Ms",
  "activeMax",
  "trafficP50Ms",
  "trafficP95Ms",
  "trafficP99Ms",
  "trafficOpens",
  "word",
] as const;
/** Of a backend: means of the minute; activeMax is the most at one moment, the shares and times are the last ones. */
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
  "connectP50Ms",
  "connectP95Ms",
  "trafficP50Ms",
  "trafficP95Ms",
  "trafficOpens",
] as const;

/** The states of a farm, from good to bad: of a minute the worst is kept. Only what comes at the end may be added. */
const wordsByWeight: readonly FarmWord[] = [
  ...(["up", "not-checked", "maintenance", "stopped"] as const),
  ...(["unknown", "problem", "critical", "down"] as const),
];

export function numberOfWord(word: FarmWord): number {
  return wordsByWeight.indexOf(word);
}

/** null = not known, or a word of a later version */
export function wordOfNumber(number: number | null): FarmWord | null {
  return number === null ? null : (wordsByWeight[number] ?? null);
}

type FarmField = (typeof farmFields)[number];
type BackendField = (typeof backendFields)[number];

/** Percentiles of one thing, and how many samples they stand on; null = each span counts the same. */
export type TimesGroup<Field> = {
  readonly fields: readonly Field[];
  readonly pcts: readonly number[];
  readonly weight: Field | null;
};
export const farmTimes = {
  connect: { fields: ["p50Ms", "p95Ms", "p99Ms"], pcts: [50, 95, 99], weight: null },
  traffic: { fields: ["trafficP50Ms", "trafficP95Ms", "trafficP99Ms"], pcts: [50, 95, 99], weight: "trafficOpens" },
} as const satisfies Record<string, TimesGroup<FarmField>>;
export const backendTimes = {
  connect: { fields: ["connectP50Ms", "connectP95Ms"], pcts: [50, 95], weight: null },
  traffic: { fields: ["trafficP50Ms", "trafficP95Ms"], pcts: [50, 95], weight: "trafficOpens" },
} as const satisfies Record<string, TimesGroup<BackendField>>;

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
export type Pick = "mean" | "last" | "max";
const farmPicks: readonly Pick[] = ["last", "last", "last", "max", "last", "last", "last", "mean", "max"];
const backendPicks: readonly Pick[] = [
  ...(["mean", "mean", "max", "mean", "mean", "mean", "mean", "last", "last"] as const),
  ...(["last", "last", "last", "last", "mean"] as const),
];

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
  // a 32 bit number is this code but for its bias and the length of its place
  asNumber[0] = value;
  return Math.min(biggestCode, (((asBits[0] ?? 0) + roundUp) >>> shortBy) - (numberBias - bias) * steps);
}

const asNumber = new Float32Array(1);
const asBits = new Uint32Array(asNumber.buffer);
const numberBias = 127;
/** bits of a number's place that a code leaves out, and half of what they can say */
const shortBy = 13;
const roundUp = 2 ** (shortBy - 1);

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

/** One value a column from rows of codes, oldest first: percentiles from all of their group, everything else by itself. */
export function combineColumn(column: number, codesAt: (column: number) => Iterable<number>): number {
  const group = groupAt(column);
  if (group === null) return combineCodes(codesAt(column), pickAt(column));
  const merged = mergedPercentiles(partsOf(group, codesAt), group.pcts);
  const value = merged?.[group.columns.indexOf(column)];
  return value === undefined ? unknownCode : encodeValue(value);
}

type ColumnGroup = {
  readonly columns: readonly number[];
  readonly pcts: readonly number[];
  readonly weight: number | null;
};

function partsOf({ columns, weight }: ColumnGroup, codesAt: (column: number) => Iterable<number>): PartTimes[] {
  const rows = columns.map((column) => [...codesAt(column)]);
  const weights = weight === null ? null : [...codesAt(weight)];
  return (rows[0] ?? []).flatMap((_, row) => {
    const part = timesPart(
      rows.map((codes) => codes[row] ?? unknownCode),
      weights?.[row] ?? null,
    );
    return part === null ? [] : [part];
  });
}

/** From codes; `weight` null = counts once. null = not known, or measured on nothing. */
export function timesPart(codes: readonly number[], weight: number | null): PartTimes | null {
  const values = codes.map(decodeCode);
  const samples = weight === null ? 1 : decodeCode(weight);
  return values.some(Number.isNaN) || !(samples > 0) ? null : { weight: samples, values };
}

function groupAt(column: number): ColumnGroup | null {
  const isFarm = column < farmFields.length;
  const field = isFarm ? column : (column - farmFields.length) % backendFields.length;
  const found = (isFarm ? farmGroups : backendGroups).find(({ columns }) => columns.includes(field));
  if (found === undefined) return null;
  const first = column - field;
  const { columns, pcts, weight } = found;
  return { pcts, columns: columns.map((each) => each + first), weight: weight === null ? null : weight + first };
}

const farmGroups = Object.values(farmTimes).map((group) => columnsOfGroup<FarmField>(farmFields, group));
const backendGroups = Object.values(backendTimes).map((group) => columnsOfGroup<BackendField>(backendFields, group));

function columnsOfGroup<Field>(names: readonly Field[], { fields, pcts, weight }: TimesGroup<Field>): ColumnGroup {
  return {
    pcts,
    columns: fields.map((field) => names.indexOf(field)),
    weight: weight === null ? null : names.indexOf(weight),
  };
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
