/**
 * What the weights board shows, computed from the farm, the draft's weights and the live rows. Pure. Shares in percent,
 * changes in points. "Running" is the farm as last accepted, "planned" the same farm with the draft's weights.
 */
import { explain } from "@/server/core/change/explain.ts";
import { emptiedFamilies, sharesWithout } from "@/server/core/change/what-if.ts";
import { type EffectiveFarm, effective } from "@/server/core/farm/effective.ts";
import { familyCounts, familyMembers } from "@/server/core/farm/family-plan.ts";
import { isHashing } from "@/server/core/farm/hash-slots.ts";
import { plannedShares } from "@/server/core/farm/shares.ts";
import type { Backend, Family, Farm, Health } from "@/server/core/farm/types.ts";
import {
  conditionOf,
  type FarmConditions,
  isWithdrawn,
  unmeasured,
  withHealth,
} from "@/server/core/health/condition.ts";
import { conditionsOfLive } from "@/server/core/health/live-conditions.ts";
import type { BackendLive, FarmLive } from "@/server/core/metrics/live.ts";

type Slots = { readonly own: number; readonly all: number };

export type BoardRow = {
  readonly farmId: string;
  readonly backend: Backend;
  /** place in the farm: its colour and hatch everywhere */
  readonly index: number;
  readonly family: Family;
  readonly live: BackendLive | null;
  readonly health: Health;
  readonly weight: number;
  readonly runningWeight: number;
  readonly runningPct: number;
  readonly plannedPct: number;
  readonly slots: Slots;
  /** what the slots make of the planned share, where a hash makes it another; null where they are the same */
  readonly programmedPct: number | null;
  /** share it would take if it could serve; null when it can */
  readonly ifServingPct: number | null;
  /** the farm keeps clients at their backend */
  readonly hasSticky: boolean;
};

export type Survivor = {
  readonly backend: Backend;
  readonly index: number;
  readonly pct: number;
  readonly changePoints: number;
};

/** `farm` as accepted, `planned` with the draft's weights; the same backends in the same order. */
export type BoardInput = { readonly farm: Farm; readonly planned: Farm; readonly live: FarmLive | null };

export function boardRows({ farm, planned, live }: BoardInput): BoardRow[] {
  const conditions = conditionsNow(live);
  const before = sharesOf(farm, conditions);
  const eff = effective(planned, conditions);
  const after = plannedShares(planned, eff);
  const slots = slotsOf(planned, eff);
  const liveOf = new Map(live?.backends.map((row) => [row.backendId, row]));
  return planned.backends.map((backend, index): BoardRow => {
    const ownHealth = conditionOf(conditions, backend.id).health;
    const isOut = backend.adminState !== "active" || isWithdrawn(conditionOf(conditions, backend.id));
    return {
      farmId: farm.id,
      backend,
      index,
      family: eff.backends[index]?.family ?? 4,
      live: liveOf.get(backend.id) ?? null,
      health: ownHealth,
      weight: backend.weight,
      runningWeight: farm.backends[index]?.weight ?? 0,
      runningPct: before.get(backend.id) ?? 0,
      plannedPct: after.get(backend.id) ?? 0,
      slots: slots.get(backend.id) ?? noSlots,
      programmedPct: isHashing(planned.scheduler) ? programmedOf(slots.get(backend.id) ?? noSlots) : null,
      ifServingPct: isOut ? shareIfServing(planned, conditions, backend.id) : null,
      hasSticky: farm.persistence !== null,
    };
  });
}

/** Share of each survivor if one backend went down, with the draft's weights. */
export function survivorsWithout({ planned, live }: BoardInput, failingId: string): Survivor[] {
  const conditions = conditionsNow(live);
  const before = plannedShares(planned, effective(planned, conditions));
  const after = sharesWithout(planned, conditions, failingId);
  return planned.backends.flatMap((backend, index) => {
    const pct = after.get(backend.id) ?? 0;
    return pct > 0 ? [{ backend, index, pct, changePoints: pct - (before.get(backend.id) ?? 0) }] : [];
  });
}

/** True when a family takes new connections now and would not with the draft: the last gate closes. */
export function closesLastGate({ farm, planned, live }: BoardInput): boolean {
  const conditions = conditionsNow(live);
  return emptiedFamilies(effective(farm, conditions), effective(planned, conditions)).length > 0;
}

/** True when without this backend a family that takes new connections now would take none. */
export function isLastServing(farm: Farm, live: FarmLive | null, backendId: string): boolean {
  const conditions = conditionsNow(live);
  const without = effective(farm, withHealth(conditions, new Map([[backendId, "down"]])));
  return emptiedFamilies(effective(farm, conditions), without).length > 0;
}

/** In words, without asking the agent. */
export function sentencesOf({ farm, planned, live }: BoardInput): string[] {
  const conditions = conditionsNow(live);
  return explain(farm, planned, effective(farm, conditions), effective(planned, conditions));
}

/** without the band: it has no room beside the word */
const lostVerdicts = { "in-band": "was in band", "out-of-band": "was out of band", goal: "was a goal" } as const;

/** The observed share in words. Few connections are no warning: there is just not enough to judge. Lost values only were so. */
export function verdictText(row: BoardRow, isLost = false): string {
  const was = isLost ? "was " : "";
  const observed = row.live?.observed ?? null;
  if (row.backend.adminState === "drain") return (observed?.sharePct ?? 0) > 0 ? `${was}sticky only` : `${was}draining`;
  const isOut = row.live?.out !== undefined;
  if (row.backend.adminState === "maintenance" || row.health === "down" || isOut) return `${was}out of rotation`;
  if (row.runningWeight === 0) return "weight 0 runs";
  if (observed === null || observed.verdict === "few") return "not enough yet";
  if (isLost) return lostVerdicts[observed.verdict];
  const band = `± ${observed.bandPct.toFixed(1)}`;
  if (observed.verdict === "goal") return `${band}, a goal`;
  return observed.verdict === "in-band" ? `${band}, in band` : `${band}, out of band`;
}

export function conditionsNow(live: FarmLive | null): FarmConditions {
  return conditionsOfLive(live?.backends ?? []);
}

function sharesOf(farm: Farm, conditions: FarmConditions): Map<string, number> {
  return plannedShares(farm, effective(farm, conditions));
}

const noSlots: Slots = { own: 0, all: 0 };

function programmedOf({ own, all }: Slots): number {
  return all === 0 ? 0 : (100 * own) / all;
}

function slotsOf(farm: Farm, eff: EffectiveFarm): Map<string, Slots> {
  const slots = new Map<string, Slots>();
  for (const family of [4, 6] as const) {
    const members = familyMembers(farm, eff, family);
    const counts = familyCounts(farm, members);
    const all = counts.reduce((sum, count) => sum + count, 0);
    for (const [at, { backendId }] of members.entries()) slots.set(backendId, { own: counts[at] ?? 0, all });
  }
  return slots;
}

function shareIfServing(farm: Farm, conditions: FarmConditions, backendId: string): number {
  const backends = farm.backends.map((backend): Backend => {
    return backend.id === backendId ? { ...backend, adminState: "active" } : backend;
  });
  return (
    sharesOf({ ...farm, backends }, new Map(conditions).set(backendId, { ...unmeasured, health: "up" })).get(
      backendId,
    ) ?? 0
  );
}
