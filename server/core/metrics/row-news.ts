/**
 * What changed of a farm's live row since the one before, so that a stream of ten thousand backends carries that alone; whoever has the row
 * before puts the two together. Invariant: withNews(before, stepTo(before, now).news) says the same as `now`.
 */
import type { BackendLive, FarmLive } from "./live.ts";
import { sameValue } from "./same-value.ts";

type FieldNews<Row> = {
  readonly set: Partial<Row>;
  /** fields that are not there any more; absent = none */
  readonly gone?: readonly string[];
};
type BackendNews = FieldNews<BackendLive> & { readonly place: number };

export type FarmNews = FieldNews<Omit<FarmLive, "backends">> & {
  readonly farmId: string;
  /** by their place in the farm, those that changed; absent = none */
  readonly backends?: readonly BackendNews[];
};

export type Step = {
  /** the row now; what did not change in it is the object that was there before */
  readonly row: FarmLive;
  /** "whole": there is nothing to go on from; null = nothing but its time */
  readonly news: FarmNews | "whole" | null;
};

export function stepTo(before: FarmLive | undefined, now: FarmLive): Step {
  if (before === undefined || !hasSameBackends(before, now)) return { row: now, news: "whole" };
  const backends: BackendLive[] = [];
  const changed: BackendNews[] = [];
  for (let place = 0; place < now.backends.length; place++) {
    const [old, fresh] = [before.backends[place], now.backends[place]];
    if (old === undefined || fresh === undefined) break;
    const fields = fieldNews(old, fresh, null);
    if (fields !== null) changed.push({ place, ...fields });
    backends.push(fields === null ? old : fresh);
  }
  const own = fieldNews(before, now, notCompared);
  const row = { ...now, backends: changed.length === 0 ? before.backends : backends };
  if (own === null && changed.length === 0 && !hasTraffic(before) && !hasTraffic(now)) return { row, news: null };
  const { farmId, at } = now;
  const news = { farmId, ...own, set: { ...own?.set, at } };
  return { row, news: changed.length === 0 ? news : { ...news, backends: changed } };
}

export function withNews(before: FarmLive, { backends, ...own }: FarmNews): FarmLive {
  const row = withFields<FarmLive>(before, own);
  if (backends === undefined) return row;
  const next = [...row.backends];
  for (const { place, ...fields } of backends) {
    const old = next[place];
    if (old !== undefined) next[place] = withFields(old, fields);
  }
  return { ...row, backends: next };
}

/** Pages follow its seconds even where two of them have the same numbers. */
function hasTraffic({ newPerS }: FarmLive): boolean {
  return newPerS !== 0;
}

function hasSameBackends(a: FarmLive, b: FarmLive): boolean {
  return (
    a.backends.length === b.backends.length &&
    a.backends.every(({ backendId }, place) => backendId === b.backends[place]?.backendId)
  );
}

/** of a farm: its time is no news, its backends are told by themselves */
const notCompared: ReadonlySet<string> = new Set(["at", "backends"]);

/** Makes nothing while nothing changed: this runs for every backend each second. */
function fieldNews<Row extends object>(
  before: Row,
  now: Row,
  except: ReadonlySet<string> | null,
): FieldNews<Row> | null {
  let set: Partial<Row> | null = null;
  let gone: string[] | null = null;
  for (const key in now) {
    const value = now[key];
    if (value === undefined || sameValue(before[key], value) || except?.has(key) === true) continue;
    set ??= {};
    set[key] = value;
  }
  for (const key in before) {
    if (now[key] !== undefined || before[key] === undefined) continue;
    gone ??= [];
    gone.push(key);
  }
  if (gone !== null) return { set: set ?? {}, gone };
  return set === null ? null : { set };
}

function withFields<Row extends object>(before: Row, { set, gone = [] }: FieldNews<Row>): Row {
  const row = { ...before, ...set };
  for (const key of gone) Reflect.deleteProperty(row, key);
  return row;
}
