/**
 * Minutes of every farm for whoever keeps a long history: summed up second by second, packed when the minute ends, the oldest dropped
 * when the byte budget or six hours are full. A minute is one array of 16 bit codes and a layout that minutes share until a farm changes.
 */
import type { FarmLive } from "../core/metrics/live.ts";
import {
  backendFields,
  columnsFor,
  decodeCode,
  encodeValue,
  farmFields,
  numberOfWord,
  type Pick,
  pickAt,
  unknownCode,
} from "../core/metrics/minutes.ts";

export type MinuteStore = {
  /** the rows of one second; one call at a time. A minute that ends is packed with pauses */
  add(atMs: number, rows: readonly FarmLive[], pause: () => Promise<void>): Promise<void>;
  /** JSON text of a MinutesAnswer in pieces: minutes after a moment, oldest first, no more than `limit` */
  answer(afterMs: number, limit: number): Iterable<string>;
};

type Sums = {
  readonly backendIds: readonly string[];
  readonly held: Float32Array;
  readonly counts: Uint16Array;
  /** how a column's values become one, by column; of all farms of as many backends */
  readonly picks: readonly Pick[];
};
type Layout = readonly { readonly farmId: string; readonly backendIds: readonly string[] }[];
type Minute = { readonly atMs: number; readonly layout: Layout; readonly codes: Uint16Array };

const minuteMs = 60_000;
const minutesMax = 360;
const farmsPerPiece = 20;
const farmsPerTurn = 200;
/** an answer ends after the minute that reaches this */
const backendsPerAnswer = 20_000;

export function createMinuteStore(budgetBytes: number): MinuteStore {
  let minutes: readonly Minute[] = [];
  let sums = new Map<string, Sums>();
  let openMs: number | null = null;

  function keep(minute: Minute): void {
    const kept = [...minutes, minute];
    let bytes = kept.reduce((sum, { codes }) => sum + codes.byteLength, 0);
    while (kept.length > 1 && (kept.length > minutesMax || bytes > budgetBytes))
      bytes -= kept.shift()?.codes.byteLength ?? 0;
    minutes = kept;
  }

  return {
    async add(atMs, rows, pause) {
      const minute = Math.floor(atMs / minuteMs) * minuteMs;
      if (openMs !== null && openMs !== minute) {
        const ended = sums;
        sums = new Map();
        keep(await pack(openMs, ended, minutes.at(-1)?.layout ?? [], pause));
      }
      openMs = minute;
      for (const [at, row] of rows.entries()) {
        sums.set(row.farmId, addRow(sums.get(row.farmId), row));
        if (at % farmsPerTurn === farmsPerTurn - 1) await pause();
      }
    },
    answer: (afterMs, limit) => answerOf(minutes, afterMs, limit),
  };
}

function addRow(old: Sums | undefined, row: FarmLive): Sums {
  const sums = old !== undefined && hasBackends(old, row) ? old : sumsFor(row, old);
  take(sums, 0, row.connect?.p50Ms ?? null);
  take(sums, 1, row.connect?.p95Ms ?? null);
  take(sums, 2, row.connect?.p99Ms ?? null);
  take(sums, 3, row.active);
  take(sums, 4, row.traffic?.p50Ms ?? null);
  take(sums, 5, row.traffic?.p95Ms ?? null);
  take(sums, 6, row.traffic?.p99Ms ?? null);
  take(sums, 7, row.traffic?.samples ?? null);
  take(sums, 8, numberOfWord(row.word));
  let at = farmFields.length;
  for (const backend of row.backends) {
    take(sums, at++, backend.newPerS);
    take(sums, at++, backend.active);
    take(sums, at++, backend.active);
    take(sums, at++, backend.packetsInPerS);
    take(sums, at++, backend.packetsOutPerS);
    take(sums, at++, backend.bytesInPerS);
    take(sums, at++, backend.bytesOutPerS);
    take(sums, at++, backend.observed?.sharePct ?? null);
    take(sums, at++, backend.plannedPct);
    take(sums, at++, backend.connect?.p50Ms ?? null);
    take(sums, at++, backend.connect?.p95Ms ?? null);
    take(sums, at++, backend.traffic?.p50Ms ?? null);
    take(sums, at++, backend.traffic?.p95Ms ?? null);
    take(sums, at++, backend.traffic?.samples ?? null);
  }
  return sums;
}

function take({ held, counts, picks }: Sums, column: number, value: number | null): void {
  if (value === null || Number.isNaN(value)) return;
  const pick = picks[column];
  const was = held[column] ?? 0;
  const count = counts[column] ?? 0;
  held[column] = pick === "mean" ? was + value : pick === "max" && count > 0 ? Math.max(was, value) : value;
  counts[column] = count + 1;
}

function hasBackends({ backendIds }: Sums, { backends }: FarmLive): boolean {
  return backendIds.length === backends.length && backends.every(({ backendId }, at) => backendIds[at] === backendId);
}

/** A farm whose backends changed within the minute keeps what was summed up of itself and of those that stay. */
function sumsFor(row: FarmLive, old: Sums | undefined): Sums {
  const backendIds = row.backends.map(({ backendId }) => backendId);
  const columns = columnsFor(backendIds.length);
  const picks = picksOf(columns);
  const made = { backendIds, held: new Float32Array(columns), counts: new Uint16Array(columns), picks };
  if (old === undefined) return made;
  copy(old, made, 0, 0, farmFields.length);
  for (const [at, id] of backendIds.entries()) {
    const was = old.backendIds.indexOf(id);
    if (was >= 0) copy(old, made, columnsFor(was), columnsFor(at), backendFields.length);
  }
  return made;
}

const knownPicks = new Map<number, readonly Pick[]>();

function picksOf(columns: number): readonly Pick[] {
  const picks = knownPicks.get(columns) ?? Array.from({ length: columns }, (_, column) => pickAt(column));
  knownPicks.set(columns, picks);
  return picks;
}

function copy(from: Sums, to: Sums, was: number, is: number, columns: number): void {
  to.held.set(from.held.subarray(was, was + columns), is);
  to.counts.set(from.counts.subarray(was, was + columns), is);
}

async function pack(
  atMs: number,
  farms: ReadonlyMap<string, Sums>,
  before: Layout,
  pause: () => Promise<void>,
): Promise<Minute> {
  const codes = new Uint16Array([...farms.values()].reduce((sum, { held }) => sum + held.length, 0));
  let offset = 0;
  let done = 0;
  for (const sums of farms.values()) {
    for (let column = 0; column < sums.held.length; column++) codes[offset++] = codeOf(sums, column);
    done += 1;
    if (done % farmsPerPiece === 0) await pause();
  }
  return { atMs, layout: layoutOf(farms, before), codes };
}

function codeOf({ held, counts }: Sums, column: number): number {
  const count = counts[column] ?? 0;
  const value = held[column] ?? 0;
  return count === 0 ? unknownCode : encodeValue(pickAt(column) === "mean" ? value / count : value);
}

function layoutOf(farms: ReadonlyMap<string, Sums>, before: Layout): Layout {
  const known = new Map(before.map((farm) => [farm.farmId, farm]));
  // farms that did not change are shared even where others did: the budget counts the codes alone
  const made = Array.from(farms, ([farmId, { backendIds }]) => {
    const old = known.get(farmId);
    return old !== undefined && isSameList(old.backendIds, backendIds) ? old : { farmId, backendIds };
  });
  return made.length === before.length && made.every((farm, at) => farm === before[at]) ? before : made;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}

function* answerOf(minutes: readonly Minute[], afterMs: number, limit: number): Generator<string> {
  const wanted = minutes.filter(({ atMs }) => atMs > afterMs);
  const given: Minute[] = [];
  let backends = 0;
  for (const minute of wanted) {
    if (given.length >= limit || backends >= backendsPerAnswer) break;
    given.push(minute);
    backends += minute.codes.length / backendFields.length;
  }
  const oldestMs = minutes[0]?.atMs ?? null;
  const newestMs = minutes.at(-1)?.atMs ?? null;
  yield `{"oldestMs":${oldestMs},"newestMs":${newestMs},"more":${given.length < wanted.length},"minutes":[`;
  for (const [at, minute] of given.entries()) {
    yield `${at === 0 ? "" : ","}{"atMs":${minute.atMs},"farms":[`;
    yield* farmTexts(minute);
    yield "]}";
  }
  yield "]}";
}

function* farmTexts({ layout, codes }: Minute): Generator<string> {
  let offset = 0;
  const values = (count: number) => {
    const found = Array.from(codes.subarray(offset, offset + count), (code) => {
      const value = decodeCode(code);
      return Number.isNaN(value) ? null : value;
    });
    offset += count;
    return found;
  };
  for (let at = 0; at < layout.length; at += farmsPerPiece) {
    const farms = layout.slice(at, at + farmsPerPiece).map(({ farmId, backendIds }) => ({
      farmId,
      values: values(farmFields.length),
      backends: backendIds.map((backendId) => ({ backendId, values: values(backendFields.length) })),
    }));
    yield `${at === 0 ? "" : ","}${JSON.stringify(farms).slice(1, -1)}`;
  }
}
