/** The last hour of a farm out of the kept minutes. */
import { downsample, gridFor, type Pick } from "../core/metrics/downsample.ts";
import {
  backendFields,
  decodeCode,
  farmFields,
  firstColumn,
  unknownCode,
  wordOfNumber,
} from "../core/metrics/minutes.ts";
import { type PastHour, pastMinutes } from "../core/metrics/past-hour.ts";
import type { KeptSample } from "./kept-samples.ts";
import { type Source, samplesOf } from "./read-samples.ts";

const minuteMs = 60_000;
/** an ended minute is taken over a while after its end: until then its lack says nothing */
const lateMs = 2 * minuteMs;

/** `newestMs`: the beginning of the newest minute that is kept. What is missing for longer than it may take is missing in the hour. */
export function hourEnd(newestMs: number, nowMs: number): number {
  const endMs = newestMs + minuteMs;
  const lastMs = Math.floor(nowMs / minuteMs) * minuteMs;
  return Math.abs(lastMs - endMs) <= lateMs ? endMs : lastMs;
}

export function pastHourOf(source: Source, farmId: string, toMs: number): PastHour {
  const grid = gridFor(toMs - pastMinutes * minuteMs, toMs, minuteMs);
  const farm = source.statements.farmId(farmId);
  const samples =
    farm === null ? [] : samplesOf(source, farm, grid).filter(({ atMs }) => atMs >= grid.fromMs && atMs < grid.toMs);
  const times = samples.map(({ atMs }) => atMs);
  const drawn = (value: (sample: KeptSample) => number, pick: Pick) =>
    downsample(grid, times, samples.map(value), pick);
  return {
    farmId,
    newPerS: drawn((sample) => sumOf(sample, newPerS), "mean").map(rounded),
    active: drawn((sample) => sumOf(sample, active), "mean").map(rounded),
    words: drawn(({ code }) => decodeCode(code(word)), "max").map(wordOfNumber),
  };
}

const newPerS = backendFields.indexOf("newPerS");
const active = backendFields.indexOf("active");
const word = farmFields.indexOf("word");

/** Of all backends; NaN where none is known. */
function sumOf({ backendIds, code }: KeptSample, field: number): number {
  let sum = Number.NaN;
  for (let at = 0; at < backendIds.length; at++) {
    const each = code(firstColumn(at) + field);
    if (each !== unknownCode) sum = (Number.isNaN(sum) ? 0 : sum) + decodeCode(each);
  }
  return sum;
}

/** Drawn some dozen pixels high: more digits would only be carried. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
