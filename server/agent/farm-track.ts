/**
 * What the agent keeps beside each farm between two seconds: the kernel's ids of its backends, planned and programmed shares, and the
 * window of observed shares, which begins anew with every change of the farm.
 */
import { type Allocation, farmModulus, memberKey, sorryKey } from "../core/allocation/allocation.ts";
import { isMeasured } from "../core/farm/dynamic.ts";
import type { EffectiveFarm } from "../core/farm/effective.ts";
import type { Posts } from "../core/farm/posts.ts";
import { plannedShares, programmedShares } from "../core/farm/shares.ts";
import type { Family, Farm } from "../core/farm/types.ts";
import type { FarmWordAnswer } from "../core/farm/word.ts";
import type { FarmConditions } from "../core/health/condition.ts";
import type { VipState } from "../core/metrics/live.ts";
import { sharesAreGoal } from "../core/metrics/observed.ts";
import { emptyShareWindow, type ShareWindow } from "../core/metrics/share-window.ts";
import { type Conditions, effectiveOf } from "./effective-memo.ts";
import type { State } from "./plan.ts";
import type { Interface } from "./vips.ts";

export type FarmTrack = {
  readonly farm: Farm;
  readonly version: number;
  /** in the kernel's names and counters; 0 = none */
  readonly farmNumber: number;
  readonly eff: EffectiveFarm;
  /** by index of the farm's backends; 0 = none */
  readonly ids: readonly number[];
  /** what they were read from; undefined = nothing is allocated */
  readonly allocated: ReadonlyMap<string, number> | undefined;
  /** of the sorry server; null = the farm has none */
  readonly sorryId: number | null;
  /** name of a list that it denies -> number of the counter of what that list turned away */
  readonly denials: ReadonlyMap<string, number>;
  /** shares in percent, by index of the farm's backends */
  readonly planned: readonly number[];
  readonly programmed: readonly number[];
  readonly isGoal: boolean;
  readonly window: ShareWindow;
  /** when new connections were last counted, per family */
  readonly lastNewAt: Record<Family, number | null>;
  readonly kept: Kept;
};

/** What the farm's state is called, and how its backends stand. */
export type SaidOfFarm = {
  readonly conditions: FarmConditions;
  readonly answer: FarmWordAnswer;
  readonly posts: Posts;
};

/** What follows from things that are replaced when they change: made anew then, and not each second. */
type Kept = {
  said: SaidOfFarm | null;
  vips: {
    readonly interfaces: readonly Interface[] | null;
    readonly wasCounted: readonly boolean[];
    readonly states: readonly VipState[];
  } | null;
};

export function nothingKept(): Kept {
  return { said: null, vips: null };
}

/** Tracks of all farms; the ones that did not change stay the same objects, with their windows. */
export function trackFarms(
  before: ReadonlyMap<string, FarmTrack>,
  state: State,
  conditions: Conditions,
  nowMs: number,
): Map<string, FarmTrack> {
  const tracks = new Map<string, FarmTrack>();
  for (const [farmId, { farm, version }] of state.desired.farms) {
    const known = before.get(farmId);
    const isSame =
      known !== undefined &&
      known.farm === farm &&
      known.version === version &&
      known.eff === effectiveOf(farm, conditions);
    tracks.set(farmId, isSame ? known : newTrack(farm, version, state.allocation, conditions, nowMs, known));
  }
  return tracks;
}

function newTrack(
  farm: Farm,
  version: number,
  allocation: Allocation,
  conditions: Conditions,
  nowMs: number,
  before: FarmTrack | undefined,
): FarmTrack {
  const eff = effectiveOf(farm, conditions);
  const own = allocation.farms.get(farm.id);
  const isSameFarm = before?.farm === farm && before.version === version;
  const ids = isSameFarm && before.allocated === own?.ids ? before.ids : idsOf(farm, own?.ids);
  const areSame = isSameFarm && ids.every((id, at) => id === before.ids[at]);
  return {
    farm,
    version,
    eff,
    farmNumber: own?.number ?? 0,
    ids: areSame ? before.ids : ids,
    allocated: own?.ids,
    sorryId: own?.ids.get(sorryKey(farm) ?? "") ?? null,
    denials: own?.denials ?? new Map(),
    planned: byIndex(farm, plannedShares(farm, eff)),
    programmed: byIndex(farm, programmedShares(farm, eff, farmModulus(allocation, farm.id))),
    isGoal: sharesAreGoal(farm),
    // measured weights move each second: a window that began anew each time would never fill
    window:
      isSameFarm && isMeasured(farm.scheduler) && servesAlike(before.eff, eff)
        ? before.window
        : emptyShareWindow(farm.backends.length, nowMs),
    lastNewAt: before?.lastNewAt ?? { 4: null, 6: null },
    kept: nothingKept(),
  };
}

function idsOf(farm: Farm, allocated: FarmTrack["allocated"]): number[] {
  return farm.backends.map((backend) => allocated?.get(memberKey(backend)) ?? 0);
}

function byIndex({ backends }: Farm, shares: ReadonlyMap<string, number>): number[] {
  return backends.map(({ id }) => shares.get(id) ?? 0);
}

/** Whom to probe follows from the farm and its ids alone, not from weights or health. */
export function hasSameTargets(a: FarmTrack | undefined, b: FarmTrack | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.farm === b.farm && a.ids === b.ids);
}

function servesAlike(a: EffectiveFarm, b: EffectiveFarm): boolean {
  return a.backends.every(({ weight }, at) => weight > 0 === (b.backends[at]?.weight ?? 0) > 0);
}
