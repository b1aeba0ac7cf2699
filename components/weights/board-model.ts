/**
 * What the weights board shows, computed from the farm, the draft's weights and the live rows. Pure. Shares in percent,
 * changes in points. "Running" is the farm as last accepted, "planned" the same farm with the draft's weights.
 */
import { slotPlan } from "@/server/core/farm/apportion.ts";
import { type EffectiveBackend, effective } from "@/server/core/farm/effective.ts";
import { plannedShares, schedulerWeight } from "@/server/core/farm/shares.ts";
import type { Backend, Family, Farm, Health } from "@/server/core/farm/types.ts";
import type { BackendLive, FarmLive } from "@/server/core/metrics/live.ts";

export type Slots = { readonly own: number; readonly all: number };

export type BoardRow = {
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
  /** share it would take if it could serve; null when it can */
  readonly ifServingPct: number | null;
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
  const health = healthOf(live);
  const before = sharesOf(farm, health);
  const eff = effective(planned, health);
  const after = plannedShares(planned, eff);
  const slots = slotsOf(planned, eff.backends);
  const liveOf = new Map(live?.backends.map((row) => [row.backendId, row]));
  return planned.backends.map((backend, index): BoardRow => {
    const ownHealth = health.get(backend.id) ?? "unknown";
    const isOut = backend.adminState !== "active" || ownHealth === "down";
    return {
      backend,
      index,
      family: eff.backends[index]?.family ?? 4,
      live: liveOf.get(backend.id) ?? null,
      health: ownHealth,
      weight: backend.weight,
      runningWeight: farm.backends[index]?.weight ?? 0,
      runningPct: before.get(backend.id) ?? 0,
      plannedPct: after.get(backend.id) ?? 0,
      slots: slots.get(backend.id) ?? { own: 0, all: 0 },
      ifServingPct: isOut ? shareIfServing(planned, health, backend.id) : null,
    };
  });
}

/** Share of each survivor if one backend went down, with the draft's weights. */
export function sharesWithout({ planned, live }: BoardInput, failingId: string): Survivor[] {
  const health = healthOf(live);
  const before = sharesOf(planned, health);
  const after = sharesOf(planned, new Map(health).set(failingId, "down"));
  return planned.backends.flatMap((backend, index) => {
    const pct = after.get(backend.id) ?? 0;
    return pct > 0 ? [{ backend, index, pct, changePoints: pct - (before.get(backend.id) ?? 0) }] : [];
  });
}

/** Backends that would take new connections if their weight allowed it: neither decided out, nor down, nor of a waiting tier. */
export function servingIds(farm: Farm, live: FarmLive | null): string[] {
  const weighted = { ...farm, backends: farm.backends.map((backend) => ({ ...backend, weight: backend.weight || 1 })) };
  return takers(weighted, healthOf(live)).map((backend) => backend.backendId);
}

/** True when a family takes new connections now and would not with the draft: the last gate closes. */
export function closesLastGate({ farm, planned, live }: BoardInput): boolean {
  const health = healthOf(live);
  const after = new Set(takers(planned, health).map((backend) => backend.family));
  return takers(farm, health).some((backend) => !after.has(backend.family));
}

/** True when this backend is the only one of its family that takes new connections now. */
export function isLastServing(farm: Farm, live: FarmLive | null, backendId: string): boolean {
  const serving = takers(farm, healthOf(live));
  const own = serving.find((backend) => backend.backendId === backendId);
  return own !== undefined && serving.filter((backend) => backend.family === own.family).length === 1;
}

/** The observed share in words. Few connections are no warning: there is just not enough to judge. */
export function verdictText(row: BoardRow): string {
  const observed = row.live?.observed ?? null;
  if (row.backend.adminState === "drain") return (observed?.sharePct ?? 0) > 0 ? "sticky only" : "draining";
  if (row.backend.adminState === "maintenance" || row.health === "down") return "out of rotation";
  if (row.runningWeight === 0) return "weight 0 runs";
  if (observed === null || observed.verdict === "few") return "not enough yet";
  const band = `± ${observed.bandPct.toFixed(1)}`;
  if (observed.verdict === "goal") return `${band}, a goal`;
  return observed.verdict === "in-band" ? `${band}, in band` : `${band}, out of band`;
}

function takers(farm: Farm, health: ReadonlyMap<string, Health>): readonly EffectiveBackend[] {
  return effective(farm, health).backends.filter((backend) => backend.weight > 0);
}

function healthOf(live: FarmLive | null): ReadonlyMap<string, Health> {
  return new Map(live?.backends.map((row) => [row.backendId, row.health]));
}

function sharesOf(farm: Farm, health: ReadonlyMap<string, Health>): Map<string, number> {
  return plannedShares(farm, effective(farm, health));
}

function slotsOf(farm: Farm, backends: readonly EffectiveBackend[]): Map<string, Slots> {
  const slots = new Map<string, Slots>();
  for (const family of [4, 6] as const) {
    const own = backends.filter((backend) => backend.family === family);
    const plan = slotPlan(own.map((backend) => schedulerWeight(farm, backend)));
    for (const [at, backend] of own.entries())
      slots.set(backend.backendId, { own: plan.counts[at] ?? 0, all: plan.modulus });
  }
  return slots;
}

function shareIfServing(farm: Farm, health: ReadonlyMap<string, Health>, backendId: string): number {
  const backends = farm.backends.map((backend): Backend => {
    return backend.id === backendId ? { ...backend, adminState: "active" } : backend;
  });
  return sharesOf({ ...farm, backends }, new Map(health).set(backendId, "up")).get(backendId) ?? 0;
}
