/**
 * Where everything that measures writes what it found of backends (checks, ejections, windows, slow start, dynamic weights), and from
 * where it gets into the kernel: the farms that changed are compiled again in one turn of the agent's own. What is urgent (a backend
 * went down) is settled at once; what moves each second waits for the tick, which settles all farms in one transaction.
 */
import { type HostView, noHost } from "../core/farm/host-view.ts";
import { type FarmConditions, noConditions } from "../core/health/condition.ts";
import type { Applier, OwnStep } from "./applier.ts";
import {
  type ConditionPart,
  type ConditionSource,
  coarseOf,
  conditionSources,
  isSamePart,
  merge,
  type Parts,
} from "./condition-parts.ts";
import type { Conditions } from "./effective-memo.ts";
import { reprogram, type State } from "./plan.ts";
import type { ConditionsRecord } from "./records.ts";

export type ConditionBook = Conditions & {
  host: HostView;
  /** what one source says of a backend from now on; null = nothing */
  set(source: ConditionSource, farmId: string, backendId: string, part: ConditionPart | null): void;
  /** what one source said of a backend */
  said(source: ConditionSource, farmId: string, backendId: string): ConditionPart | null;
  /** these farms are compiled again at the next settling, whatever was written: links changed */
  touch(farmIds: Iterable<string>): void;
  /** what was said of backends that a farm has no more is forgotten */
  keepOnly(farmId: string, backendIds: ReadonlySet<string>): void;
  /**
   * Brings the kernel to what was written, in one turn; what is written until it begins goes with it. Resolves when it is over, also where
   * another turn took it along: true = the kernel has all that was written before this call
   */
  settle(priority: "urgent" | "own"): Promise<boolean>;
  /** the one writer, as soon as there is one */
  use(own: Applier["own"]): void;
  /** as the journal or a snapshot has them; stays until its source says otherwise */
  restore(farms: ConditionsRecord["farms"]): void;
  /** of all farms, for a snapshot */
  record(): ConditionsRecord["farms"];
};

type FarmBook = {
  readonly parts: Map<string, Parts>;
  /** null = to be merged anew */
  merged: FarmConditions | null;
  /** what of it was last written down */
  written: string;
};

/** `onTaken`: whether the kernel took what was written, told when that changes. */
export function createConditions(
  onError: (error: unknown) => void = () => undefined,
  onTaken: (isTaken: boolean) => void = () => undefined,
): ConditionBook {
  const farms = new Map<string, FarmBook>();
  let dirty = new Set<string>();
  let own: Applier["own"] | null = null;
  let isTaken = true;
  const waiting: { urgent: Promise<boolean> | null; own: Promise<boolean> | null } = { urgent: null, own: null };
  /** the turn that began last */
  let newest: Promise<boolean> = Promise.resolve(true);

  function bookOf(farmId: string): FarmBook {
    const book = farms.get(farmId) ?? { parts: new Map<string, Parts>(), merged: noConditions, written: "" };
    farms.set(farmId, book);
    return book;
  }

  const conditions: Conditions & { host: HostView } = {
    host: noHost,
    of(farmId) {
      const book = farms.get(farmId);
      if (book === undefined) return noConditions;
      book.merged ??= merge(book.parts);
      return book.merged;
    },
  };

  function stepOf(state: State, taken: Iterable<string>): OwnStep | null {
    const [changed, gone] = apart([...taken], (farmId) => state.desired.farms.has(farmId));
    // whoever measures may not have noticed yet that a farm was removed
    for (const farmId of gone) farms.delete(farmId);
    const next = reprogram(state, changed, conditions);
    const news = changed.filter((farmId) => coarseOf(conditions.of(farmId)) !== farms.get(farmId)?.written);
    if (next === state && news.length === 0) return null;
    return { state: next, ...(news.length === 0 ? {} : { note: { type: "conditions", farms: recordOf(news) } }) };
  }

  function recordOf(farmIds: Iterable<string>): ConditionsRecord["farms"] {
    return Object.fromEntries(
      Array.from(farmIds, (farmId) => {
        const parts = farms.get(farmId)?.parts ?? new Map<string, Parts>();
        return [farmId, Object.fromEntries(Array.from(parts, ([id, own]) => [id, Object.fromEntries(own)]))];
      }),
    );
  }

  /** What was taken and did not get into the kernel is tried again with the next settling. */
  async function turn(writer: Applier["own"], priority: "urgent" | "own", onBegin: () => void): Promise<boolean> {
    let taken = new Set<string>();
    let noted: readonly (readonly [string, string])[] = [];
    let isNothing = false;
    const take = (state: State) => {
      onBegin();
      [taken, dirty] = [dirty, new Set()];
      const step = stepOf(state, taken);
      isNothing = step === null;
      // what is written meanwhile is news for the next turn
      noted = Object.keys(step?.note?.farms ?? {}).map((farmId) => [farmId, coarseOf(conditions.of(farmId))]);
      return step;
    };
    const isDone = await writer(take, priority).catch((error: unknown) => {
      onError(error);
      return false;
    });
    if (isDone) for (const [farmId, written] of noted) bookOf(farmId).written = written;
    else if (!isNothing) for (const farmId of taken) dirty.add(farmId);
    // a turn without a step is no word of the kernel's
    if (taken.size > 0 && !isNothing && isDone !== isTaken) {
      isTaken = isDone;
      onTaken(isDone);
    }
    return isDone || isNothing;
  }

  /** A turn that finds its place at once has begun before there is a promise of it; what is written from then on needs another. */
  function begin(writer: Applier["own"], priority: "urgent" | "own"): Promise<boolean> {
    let isBegun = false;
    const under = turn(writer, priority, () => {
      isBegun = true;
      newest = waiting[priority] ?? newest;
      waiting[priority] = null;
    }).finally(() => {
      if (waiting[priority] === under) waiting[priority] = null;
    });
    if (isBegun) newest = under;
    else waiting[priority] = under;
    return under;
  }

  return Object.assign(conditions, {
    set(source: ConditionSource, farmId: string, backendId: string, part: ConditionPart | null) {
      const before = farms.get(farmId)?.parts.get(backendId);
      if (isSamePart(before?.get(source) ?? null, part)) return;
      const book = bookOf(farmId);
      const next = new Map(before);
      if (part === null) next.delete(source);
      else next.set(source, part);
      if (next.size === 0) book.parts.delete(backendId);
      else book.parts.set(backendId, next);
      book.merged = null;
      dirty.add(farmId);
    },
    said: (source: ConditionSource, farmId: string, backendId: string) =>
      farms.get(farmId)?.parts.get(backendId)?.get(source) ?? null,
    touch(farmIds: Iterable<string>) {
      for (const farmId of farmIds) dirty.add(farmId);
    },
    keepOnly(farmId: string, backendIds: ReadonlySet<string>) {
      const book = farms.get(farmId);
      if (book === undefined) return;
      for (const backendId of [...book.parts.keys()])
        if (!backendIds.has(backendId)) {
          book.parts.delete(backendId);
          book.merged = null;
        }
      if (book.parts.size === 0) farms.delete(farmId);
    },
    settle(priority: "urgent" | "own") {
      if (own === null) return Promise.resolve(false);
      if (dirty.size === 0) return newest;
      return waiting[priority] ?? begin(own, priority);
    },
    use(writer: Applier["own"]) {
      own = writer;
    },
    restore(restored: ConditionsRecord["farms"]) {
      for (const [farmId, backends] of Object.entries(restored)) {
        const book = bookOf(farmId);
        book.parts.clear();
        for (const [id, parts] of Object.entries(backends)) book.parts.set(id, new Map(entriesOf(parts)));
        book.merged = null;
        book.written = coarseOf(conditions.of(farmId));
      }
    },
    record: () => recordOf(farms.keys()),
  });
}

function apart<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function entriesOf(parts: ConditionsRecord["farms"][string][string]): [ConditionSource, ConditionPart][] {
  return conditionSources.flatMap((source) => {
    const part = parts[source];
    return part === undefined ? [] : [[source, part]];
  });
}
