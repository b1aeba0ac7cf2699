/**
 * Weights that follow measurements: each second one round over all farms with a least-* scheduler, and one transaction for all that moved.
 * The factors are conditions like any other; a farm whose data is stale or missing holds its own. Backends are compared within the family
 * and the tier that serve; one that takes no new connections (weight 0, drain, down) has no factor.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { memberKey } from "../core/allocation/allocation.ts";
import { steer, steeringFrom } from "../core/dynamic/controller.ts";
import { costsOf, type Measure, measureOf, settingsOf, type Valued } from "../core/dynamic/costs.ts";
import { factorIn, type Steering } from "../core/dynamic/steering.ts";
import { comparisons, fixedReason, heldReason, type Tails } from "../core/dynamic/words.ts";
import { isMeasured } from "../core/farm/dynamic.ts";
import type { EffectiveFarm } from "../core/farm/effective.ts";
import { plannedShares } from "../core/farm/shares.ts";
import type { Family, Farm } from "../core/farm/types.ts";
import type { WeightFactors } from "../core/metrics/live.ts";
import type { ConditionBook } from "./conditions.ts";
import { effectiveOf } from "./effective-memo.ts";
import type { State } from "./plan.ts";
import { type Reading, readingsOf, tailsOfReadings, type Weighed, type WeighSources } from "./weigh-readings.ts";
import type { Factors, WeightFile } from "./weight-file.ts";
import type { WeightLog } from "./weight-log.ts";
import { wishWords } from "./wish.ts";

export type WeigherDeps = WeighSources & {
  readonly state: () => State;
  readonly conditions: ConditionBook;
  readonly log: WeightLog;
  readonly file: WeightFile;
  readonly now: () => number;
};

export type DynamicLive = NonNullable<WeightFactors["dynamic"]>;

export type Weigher = {
  /** each second; resolves when the kernel has what moved */
  round(): Promise<void>;
  /** for a backend's live row; null = its weight follows nothing */
  of(farmId: string, backendId: string): DynamicLive | null;
};

/** A backend that takes new connections. */
type Server = Weighed & { readonly id: string; readonly weight: number };
type Group = {
  readonly family: Family;
  readonly servers: readonly Server[];
  steering: Steering | null;
  /** when sentences were made, and of how many that were measured then */
  said: { readonly atMs: number; readonly known: number };
};

type FarmBook = {
  farm: Farm;
  ids: ReadonlyMap<string, number> | undefined;
  eff: EffectiveFarm;
  /** null = nothing is measured for it */
  readonly measure: Measure | null;
  groups: readonly Group[];
  live: Map<string, DynamicLive>;
};

/** sentences change no oftener while nothing moves, or every row would be news each second; and while weights move each second */
const sayEveryMs = 5000;
const sayMovingMs = 1900;
const backendsPerPiece = 1000;
const unsaid = { atMs: Number.NEGATIVE_INFINITY, known: 0 };

export function createWeigher(deps: WeigherDeps): Weigher {
  const books = new Map<string, FarmBook>();
  const { conditions, log } = deps;
  /** a former life may have left factors on farms that measure nothing any more */
  let isFirst = true;

  function bookOf(farm: Farm, state: State): FarmBook {
    const known = books.get(farm.id);
    const eff = effectiveOf(farm, conditions);
    const ids = state.allocation.farms.get(farm.id)?.ids;
    if (known !== undefined && known.farm === farm && known.ids === ids && sameServers(known.eff, eff)) {
      known.eff = eff;
      return known;
    }
    const measure = measureOf(farm);
    const groups = groupsOf(farm, eff, ids).map((group): Group => ({ ...group, steering: steeringNow(group, known) }));
    const steered = new Set(measure === null ? [] : groups.flatMap(({ servers }) => servers.map(({ id }) => id)));
    for (const { id } of [...(known?.farm.backends ?? []), ...farm.backends])
      if (!steered.has(id)) conditions.set("dynamic", farm.id, id, null);
    const live = new Map<string, DynamicLive>();
    const book: FarmBook = { farm, ids, eff, measure, groups, live };
    books.set(farm.id, book);
    return book;

    /** Costs of another measure say nothing now; factors stay, and at first those that the kernel has since before a restart. */
    function steeringNow({ family, servers }: Group, before: FarmBook | undefined): Steering | null {
      if (before?.measure === measure) return before.groups.find((group) => group.family === family)?.steering ?? null;
      const factors = servers.flatMap(({ id }): [string, number][] => {
        const factor = conditions.said("dynamic", farm.id, id)?.factor;
        return factor === undefined ? [] : [[id, factor]];
      });
      return factors.length === 0 || measure === null
        ? null
        : steeringFrom(new Map(factors), deps.now(), settingsOf(measure, farm.dynamic));
    }
  }

  function drop(farm: Farm): void {
    for (const { id } of farm.backends) conditions.set("dynamic", farm.id, id, null);
    books.delete(farm.id);
  }

  /** true when a factor moved */
  function weighFarm(farm: Farm, state: State, nowMs: number): boolean {
    const book = bookOf(farm, state);
    const { measure } = book;
    if (measure === null) {
      explainFixed(book);
      return false;
    }
    return book.groups.map((group) => weighGroup(book, group, measure, nowMs)).some(Boolean);
  }

  /** Who moved. A farm that was changed or removed since the round began is weighed with the next. */
  function weighPiece(farms: readonly Farm[], state: State, nowMs: number): Farm[] {
    return farms.filter((farm) => {
      if (state.desired.farms.get(farm.id)?.farm !== farm) return false;
      if (farm.enabled && isMeasured(farm.scheduler)) return weighFarm(farm, state, nowMs);
      if (isFirst || books.has(farm.id)) drop(farm);
      return false;
    });
  }

  function weighGroup(book: FarmBook, group: Group, measure: Measure, nowMs: number): boolean {
    const readings = readingsOf(measure, book.farm, group.servers, deps, nowMs);
    const values = valuesOf(group, readings, nowMs);
    const hasMoved = steerGroup(book, group, measure, values, readings, nowMs);
    const known = values.filter(({ value }) => value !== null).length;
    const isDue = nowMs - group.said.atMs >= (hasMoved ? sayMovingMs : sayEveryMs);
    if (isDue || known !== group.said.known) {
      const tails = measure === "response" ? tailsOfReadings(group.servers, readings, deps.recent, nowMs) : [];
      explainGroup(book, group, measure, values, tails);
      group.said = { atMs: nowMs, known };
    } else if (hasMoved) followFactors(book, group);
    return hasMoved;
  }

  function steerGroup(
    { farm }: FarmBook,
    group: Group,
    measure: Measure,
    values: readonly Valued[],
    readings: readonly Reading[],
    nowMs: number,
  ): boolean {
    const costs = costsOf(measure, values);
    const measured = group.servers.map(({ id, weight }, at) => {
      const { atMs = 0, staleMs = 0 } = readings[at] ?? {};
      return { backendId: id, weight, cost: costs[at] ?? null, atMs, staleMs };
    });
    const { steering, moved } = steer(group.steering, measured, nowMs, settingsOf(measure, farm.dynamic));
    group.steering = steering;
    for (const at of moved) {
      const id = group.servers[at]?.id ?? "";
      const factor = factorOf(group, at);
      conditions.set("dynamic", farm.id, id, factor === 1 ? null : { factor });
    }
    return moved.length > 0;
  }

  return {
    async round() {
      const moved: Farm[] = [];
      for (const farms of pieces(farmsOf(deps.state()))) {
        moved.push(...weighPiece(farms, deps.state(), deps.now()));
        await conditions.settle();
        await nextTurn();
      }
      isFirst = false;
      const { desired } = deps.state();
      for (const farmId of books.keys()) if (!desired.farms.has(farmId)) books.delete(farmId);
      const movedIds = new Set(moved.map(({ id }) => id));
      log.round(farmsOf(deps.state()), {
        sharesOf: (farm) => plannedShares(farm, effectiveOf(farm, conditions)),
        conditionsOf: conditions.of,
        wishOf(farmId, backendId) {
          const wish = conditions.said("wish", farmId, backendId);
          return wish === null ? null : wishWords(wish);
        },
        hasMoved: (farmId) => movedIds.has(farmId),
      });
      for (const farms of pieces(moved)) {
        for (const farm of farms) tell(farm);
        await nextTurn();
      }
      if (moved.length > 0) deps.file.moved(books.size, factors);
    },
    of: (farmId, backendId) => books.get(farmId)?.live.get(backendId) ?? null,
  };

  function factors(): Factors {
    const all = Array.from(books, ([farmId, { groups }]): [string, Factors[string]] => {
      const own = groups.flatMap((group) => group.servers.map(({ id }, at) => [id, factorOf(group, at)] as const));
      return [farmId, Object.fromEntries(own.filter(([, factor]) => factor !== 1))];
    });
    return Object.fromEntries(all.filter(([, own]) => Object.keys(own).length > 0));
  }

  function tell(farm: Farm): void {
    const live = books.get(farm.id)?.live;
    const shares = plannedShares(farm, effectiveOf(farm, conditions));
    log.moved(farm, shares, (backendId) => live?.get(backendId) ?? null);
  }
}

/** So many backends at once that the rest of the agent never waits long for a round. */
function* pieces(farms: readonly Farm[]): Generator<readonly Farm[]> {
  let from = 0;
  let backends = 0;
  for (const [at, farm] of farms.entries()) {
    backends += farm.backends.length;
    if (backends < backendsPerPiece && at < farms.length - 1) continue;
    yield farms.slice(from, at + 1);
    from = at + 1;
    backends = 0;
  }
}

function farmsOf(state: State): Farm[] {
  return Array.from(state.desired.farms.values(), ({ farm }) => farm);
}

/** As many decimals as a share can show: what the kernel has and what a page previews by are then the same number. */
function factorOf({ steering }: Group, at: number): number {
  return steering === null ? 1 : Math.round(factorIn(steering.rows, at) * 1e4) / 1e4;
}

function sameServers(a: EffectiveFarm, b: EffectiveFarm): boolean {
  return a === b || a.backends.every(({ weight }, at) => weight > 0 === (b.backends[at]?.weight ?? 0) > 0);
}

/** Who serves, by family. */
function groupsOf(farm: Farm, eff: EffectiveFarm, ids: ReadonlyMap<string, number> | undefined): Group[] {
  return ([4, 6] as const).flatMap((family): Group[] => {
    const servers = farm.backends.flatMap((backend, index): Server[] => {
      const own = eff.backends[index];
      if (own === undefined || own.weight <= 0 || own.family !== family) return [];
      return [{ index, markId: ids?.get(memberKey(backend)) ?? 0, id: backend.id, weight: backend.weight }];
    });
    return servers.length === 0 ? [] : [{ family, servers, steering: null, said: unsaid }];
  });
}

/** A stale value is not known any more. */
function valuesOf({ servers }: Group, readings: readonly Reading[], nowMs: number): Valued[] {
  return servers.map(({ weight }, at) => {
    const { value = null, atMs = 0, staleMs = 0 } = readings[at] ?? {};
    return { weight, value: nowMs - atMs <= staleMs ? value : null };
  });
}

function explainGroup(
  { live }: FarmBook,
  group: Group,
  measure: Measure,
  values: readonly Valued[],
  tails: readonly (Tails | null)[],
): void {
  const known = values.filter(({ value }) => value !== null).length;
  const comparisonAt = comparisons(measure, values);
  for (const [at, { id }] of group.servers.entries()) {
    const factor = factorOf(group, at);
    const why = known < 2 && measure !== "wanted" ? null : comparisonAt(at, tails[at] ?? undefined);
    const text = why ?? heldReason(measure, { known, all: values.length, factor });
    put(live, id, { factor, text, isHeld: why === null });
  }
}

/** The sentence of a moment ago still says why. */
function followFactors({ live }: FarmBook, group: Group): void {
  for (const [at, { id }] of group.servers.entries()) {
    const said = live.get(id);
    if (said !== undefined) put(live, id, { ...said, factor: factorOf(group, at) });
  }
}

function explainFixed({ live, groups }: FarmBook): void {
  for (const group of groups)
    for (const { id } of group.servers) put(live, id, { factor: 1, text: fixedReason, isHeld: true });
}

/** The same object while it says the same. */
function put(live: Map<string, DynamicLive>, id: string, next: DynamicLive): void {
  const before = live.get(id);
  const isSame = before?.factor === next.factor && before.text === next.text && before.isHeld === next.isHeld;
  if (!isSame) live.set(id, next);
}
