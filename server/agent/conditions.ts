/**
 * Where everything that measures writes what it found of backends (checks, ejections, windows, slow start, dynamic weights), and from
 * where it gets into the kernel: the farms that changed are compiled again in one turn of the agent's own. What is urgent (a backend
 * went down) is settled at once, its own farms alone; what moves each second waits for the tick, which settles all farms, so many
 * backends a transaction: who is urgent comes in between and never waits for a thousand farms.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type HostView, noHost } from "../core/farm/host-view.ts";
import { type FarmConditions, noConditions } from "../core/health/condition.ts";
import type { Applier, OwnStep } from "./applier.ts";
import {
  type ConditionPart,
  type ConditionSource,
  conditionSources,
  isCoarselySame,
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
   * Brings the kernel to what was written; what is written until it begins goes with it. Resolves when it is over, also where
   * another turn took it along: true = the kernel has all that was written before this call
   */
  settle(): Promise<boolean>;
  /** the same for these farms, before people's changes; what was written of others waits */
  settleAtOnce(farmIds: Iterable<string>): Promise<boolean>;
  /** the one writer, as soon as there is one */
  use(own: Applier["own"]): void;
  /** as the journal or a snapshot has them; stays until its source says otherwise */
  restore(farms: ConditionsRecord["farms"]): void;
  /** of all farms, for a snapshot */
  record(): ConditionsRecord["farms"];
};

type FarmBook = {
  readonly parts: Map<string, Parts>;
  merged: FarmConditions;
  /** something was said since it was merged */
  isStale: boolean;
  /** as it was last written down */
  written: FarmConditions;
};

/** of one turn that is not urgent: the kernel and this process are at it for about ten milliseconds */
const backendsPerTurn = 1000;

/** `onTaken`: whether the kernel took all that was written, told when that changes. */
export function createConditions(
  onError: (error: unknown) => void = () => undefined,
  onTaken: (isTaken: boolean) => void = () => undefined,
): ConditionBook {
  const farms = new Map<string, FarmBook>();
  const dirty = new Set<string>();
  let own: Applier["own"] | null = null;
  /** farms that the kernel refused last time */
  const refused = new Set<string>();
  /** asked for and not begun */
  let urgent: { readonly farmIds: Set<string>; readonly done: Promise<boolean> } | null = null;
  let pass: Promise<boolean> | null = null;
  /** the turn that began last */
  let newest: Promise<boolean> = Promise.resolve(true);

  function bookOf(farmId: string): FarmBook {
    const fresh = { parts: new Map<string, Parts>(), merged: noConditions, isStale: false, written: noConditions };
    const book = farms.get(farmId) ?? fresh;
    farms.set(farmId, book);
    return book;
  }

  const conditions: Conditions & { host: HostView } = {
    host: noHost,
    of(farmId) {
      const book = farms.get(farmId);
      if (book === undefined) return noConditions;
      if (book.isStale) book.merged = merge(book.parts, book.merged);
      book.isStale = false;
      return book.merged;
    },
  };

  function stepOf(state: State, taken: Iterable<string>): OwnStep | null {
    const [changed, gone] = apart([...taken], (farmId) => state.desired.farms.has(farmId));
    // whoever measures may not have noticed yet that a farm was removed
    for (const farmId of gone) {
      farms.delete(farmId);
      refused.delete(farmId);
    }
    const next = reprogram(state, changed, conditions);
    const news = changed.filter((farmId) => {
      const written = farms.get(farmId)?.written;
      return written === undefined || !isCoarselySame(conditions.of(farmId), written);
    });
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

  /** `pick`: which of the farms that wait go along, asked inside the turn. What did not get into the kernel is tried again. */
  async function carryOut(
    writer: Applier["own"],
    priority: "urgent" | "own",
    pick: (state: State) => Iterable<string>,
  ): Promise<boolean> {
    let taken: ReadonlySet<string> = new Set();
    let noted: readonly (readonly [string, FarmConditions])[] = [];
    let isNothing = false;
    const take = (state: State) => {
      taken = new Set(pick(state));
      const step = stepOf(state, taken);
      isNothing = step === null;
      // what is written meanwhile is news for the next turn
      noted = Object.keys(step?.note?.farms ?? {}).map((farmId) => [farmId, conditions.of(farmId)]);
      return step;
    };
    const isDone = await writer(take, priority).catch((error: unknown) => {
      onError(error);
      return false;
    });
    if (isDone) for (const [farmId, written] of noted) bookOf(farmId).written = written;
    // a turn without a step is no word of the kernel's
    if (!isNothing) noteAnswer(taken, isDone);
    return isDone || isNothing;
  }

  function noteAnswer(taken: ReadonlySet<string>, isDone: boolean): void {
    const wasTaken = refused.size === 0;
    for (const farmId of taken) {
      if (isDone) refused.delete(farmId);
      else {
        refused.add(farmId);
        dirty.add(farmId);
      }
    }
    const isTaken = refused.size === 0;
    if (isTaken !== wasTaken) onTaken(isTaken);
  }

  /** A turn that finds its place at once has begun before there is a promise of it. */
  function turn(...[writer, priority, pick]: Parameters<typeof carryOut>): Promise<boolean> {
    let isBegun = false;
    let done: Promise<boolean> | null = null;
    done = carryOut(writer, priority, (state) => {
      isBegun = true;
      newest = done ?? newest;
      return pick(state);
    });
    if (isBegun) newest = done;
    return done;
  }

  /** Whoever waits, a bounded number of backends a turn. */
  async function settleAll(writer: Applier["own"], onBegin: () => void): Promise<boolean> {
    let todo: readonly string[] | null = null;
    let at = 0;
    const pick = (state: State) => {
      if (todo === null) onBegin();
      todo ??= [...dirty];
      const picked: string[] = [];
      for (let backends = 0; at < todo.length && backends < backendsPerTurn; at++) {
        const farmId = todo[at] ?? "";
        if (!dirty.delete(farmId)) continue;
        picked.push(farmId);
        backends += state.desired.farms.get(farmId)?.farm.backends.length ?? 0;
      }
      return picked;
    };
    const isLeft = () => todo !== null && at < todo.length;
    let isDone = await turn(writer, "own", pick);
    while (isLeft()) {
      await nextTurn();
      isDone = (await turn(writer, "own", pick)) && isDone;
    }
    return isDone;
  }

  function beginPass(writer: Applier["own"]): Promise<boolean> {
    let isBegun = false;
    const done = settleAll(writer, () => {
      isBegun = true;
      pass = null;
    }).finally(() => {
      if (pass === done) pass = null;
    });
    if (!isBegun) pass = done;
    return done;
  }

  function beginUrgent(writer: Applier["own"], farmIds: Set<string>): Promise<boolean> {
    let isBegun = false;
    const isMine = () => urgent?.farmIds === farmIds;
    const done = turn(writer, "urgent", () => {
      isBegun = true;
      if (isMine()) urgent = null;
      return [...farmIds].filter((farmId) => dirty.delete(farmId));
    }).finally(() => {
      if (isMine()) urgent = null;
    });
    if (!isBegun) urgent = { farmIds, done };
    return done;
  }

  return Object.assign(conditions, {
    set(source: ConditionSource, farmId: string, backendId: string, part: ConditionPart | null) {
      const before = farms.get(farmId)?.parts.get(backendId);
      if (isSamePart(before?.get(source) ?? null, part)) return;
      const book = bookOf(farmId);
      const own = before ?? new Map<ConditionSource, ConditionPart>();
      if (part === null) own.delete(source);
      else own.set(source, part);
      if (own.size === 0) book.parts.delete(backendId);
      else if (before === undefined) book.parts.set(backendId, own);
      book.isStale = true;
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
          book.isStale = true;
        }
      if (book.parts.size === 0) farms.delete(farmId);
    },
    settle() {
      if (own === null) return Promise.resolve(false);
      if (dirty.size === 0) return newest;
      return pass ?? beginPass(own);
    },
    settleAtOnce(farmIds: Iterable<string>) {
      if (own === null) return Promise.resolve(false);
      const all = [...farmIds];
      const written = all.filter((farmId) => dirty.has(farmId));
      if (written.length === 0) return newest.then(() => !all.some((farmId) => refused.has(farmId)));
      if (urgent === null) return beginUrgent(own, new Set(written));
      for (const farmId of written) urgent.farmIds.add(farmId);
      return urgent.done;
    },
    use(writer: Applier["own"]) {
      own = writer;
    },
    restore(restored: ConditionsRecord["farms"]) {
      for (const [farmId, backends] of Object.entries(restored)) {
        const book = bookOf(farmId);
        book.parts.clear();
        for (const [id, parts] of Object.entries(backends)) book.parts.set(id, new Map(entriesOf(parts)));
        book.isStale = true;
        book.written = conditions.of(farmId);
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
