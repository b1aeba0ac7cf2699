/**
 * The last checks of one backend and its heartbeat, minute by minute, in few bytes: 10,000 backends with 200 checks each fit into some
 * 40 MB, whatever backends answer. Rings grow up to their size and then stay.
 */
import type { Health } from "../core/farm/types.ts";
import type { BackendMonitor, CheckEntry } from "../wire/monitor.ts";
import { probeErrors } from "../wire/prober.ts";

export type CheckLog = {
  add(entry: CheckEntry, health: Health): void;
  /** oldest first */
  entries(): CheckEntry[];
  beats(): BackendMonitor["beats"];
};

const entriesMaxUsual = 200;
const entriesMaxLeast = 20;
/** of all backends together, about: with very many each keeps fewer */
const entriesInAll = 2_000_000;
const entriesFirst = 8;
const minutesMax = 120;
const minuteMs = 60_000;
/** a result is at most as late as the longest check takes */
const lateMinutesMax = 2;
/** texts come from what backends answer: they may all differ */
const textsMax = 32;
const healths: readonly Health[] = ["up", "degraded", "down", "unknown"];
const [good, degraded] = [0xff, 0xfe];

/** How many checks one of so many backends keeps. */
export function entriesMaxOf(backends: number): number {
  return Math.max(entriesMaxLeast, Math.min(entriesMaxUsual, Math.floor(entriesInAll / Math.max(1, backends))));
}

export function createCheckLog(entriesMax = entriesMaxUsual): CheckLog {
  const beats = createBeats();
  let size = entriesFirst;
  let at = new Float64Array(size);
  let tookMs = new Float32Array(size);
  let verdict = new Uint8Array(size);
  let text = new Uint8Array(size);
  let texts: string[] = [""];
  let next = 0;
  let count = 0;

  function grow(): void {
    if (count < size || size === entriesMax) return;
    // it is full for the first time, so it is in order
    size = Math.min(entriesMax, size * 2);
    [at, tookMs] = [resized(at, new Float64Array(size)), resized(tookMs, new Float32Array(size))];
    [verdict, text] = [resized(verdict, new Uint8Array(size)), resized(text, new Uint8Array(size))];
    next = count;
  }

  /** Texts that no entry has any more make room; if that is not enough, the new one is not kept. */
  function textOf(words: string): number {
    const known = texts.indexOf(words);
    if (known >= 0) return known;
    if (texts.length >= textsMax) dropUnused();
    if (texts.length >= textsMax) return 0;
    texts.push(words);
    return texts.length - 1;
  }

  function dropUnused(): void {
    const used = [0, ...new Set(text.subarray(0, count))].filter((index, place, all) => all.indexOf(index) === place);
    const places = new Map(used.map((index, place) => [index, place]));
    texts = used.map((index) => texts[index] ?? "");
    for (let index = 0; index < count; index++) text[index] = places.get(text[index] ?? 0) ?? 0;
  }

  return {
    add(entry, health) {
      grow();
      const words = textOf(entry.text);
      at[next] = entry.at;
      tookMs[next] = entry.tookMs ?? Number.NaN;
      verdict[next] = entry.error !== null ? probeErrors.indexOf(entry.error) : entry.degraded ? degraded : good;
      text[next] = words;
      next = (next + 1) % size;
      count = Math.min(size, count + 1);
      // what could not be made here is no beat of the backend
      if (entry.error !== "cannot-check") beats.add(entry.at, entry.ok, health);
    },
    entries() {
      return Array.from({ length: count }, (_, offset): CheckEntry => {
        const index = (next - count + offset + 2 * size) % size;
        const code = verdict[index] ?? good;
        const took = tookMs[index] ?? Number.NaN;
        return {
          at: at[index] ?? 0,
          ok: code >= degraded,
          degraded: code === degraded,
          tookMs: Number.isNaN(took) ? null : Math.round(took * 1000) / 1000,
          error: probeErrors[code] ?? null,
          text: texts[text[index] ?? 0] ?? "",
        };
      });
    },
    beats: beats.read,
  };
}

function createBeats() {
  const goods = new Uint16Array(minutesMax);
  const bads = new Uint16Array(minutesMax);
  const health = new Uint8Array(minutesMax);
  let first = -1;
  let last = -1;

  /** Minutes without a check stay in the strip: they say that nobody asked. */
  function turnTo(minute: number): void {
    if (last < 0) first = minute;
    if (last < 0 || minute - last >= minutesMax) {
      if (last >= 0) first = minute - minutesMax + 1;
      clear(0, minutesMax);
    } else for (let each = last + 1; each <= minute; each++) clear(each % minutesMax, (each % minutesMax) + 1);
    last = Math.max(last, minute);
    first = Math.max(first, last - minutesMax + 1);
  }

  function clear(from: number, to: number): void {
    goods.fill(0, from, to);
    bads.fill(0, from, to);
    health.fill(healths.indexOf("unknown"), from, to);
  }

  return {
    add(atMs: number, isGood: boolean, now: Health): void {
      const minute = Math.floor(atMs / minuteMs);
      // the clock was set back: minutes that are not over yet say nothing
      if (last - minute > lateMinutesMax) last = -1;
      if (minute > last) turnTo(minute);
      if (minute < first) return;
      const index = minute % minutesMax;
      const counts = isGood ? goods : bads;
      counts[index] = Math.min(0xffff, (counts[index] ?? 0) + 1);
      health[index] = healths.indexOf(now);
    },
    read(): BackendMonitor["beats"] {
      if (last < 0) return [];
      return Array.from({ length: last - first + 1 }, (_, offset) => {
        const index = (first + offset) % minutesMax;
        return {
          atMs: (first + offset) * minuteMs,
          good: goods[index] ?? 0,
          bad: bads[index] ?? 0,
          health: healths[health[index] ?? 3] ?? "unknown",
        };
      });
    },
  };
}

function resized<T extends Float64Array | Float32Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
