/**
 * One backend on the monitor page: what says how it is, and a few numbers, small enough for thousands a second. Pure.
 * null = not known, never zero. Times are the balancer's epoch milliseconds.
 */
import type { AdminState, Health } from "../farm/types.ts";
import type { BackendLive, DrainLive, FarmLive } from "./live.ts";

/** What people look for; a change of it is told at once. */
type MonitorState = {
  readonly backendId: string;
  readonly farmId: string;
  readonly adminState: AdminState;
  readonly health: Health;
  readonly reason: string | null;
  /** since when it has this health; null = ever since the agent knows it */
  readonly since: number | null;
  /** a check is set; without one nothing can be said of its health */
  readonly isChecked: boolean;
  readonly out: NonNullable<BackendLive["out"]> | null;
  readonly plannedPct: number;
  /** why its connections are never known */
  readonly untracked: string | null;
};

/** What moves all the time. */
type MonitorNumbers = {
  readonly checkAt: number | null;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly p95Ms: number | null;
  readonly latencyOf: "traffic" | "probe";
  readonly drain: DrainLive | null;
};

export type MonitorRow = MonitorState & MonitorNumbers;

export function monitorRows({ farmId, backends }: Pick<FarmLive, "farmId" | "backends">): MonitorRow[] {
  return backends.map((backend) => ({ ...stateOf(farmId, backend), ...numbersOf(backend) }));
}

/** The part whose change people must see at once, as text. */
export function stateText(row: MonitorRow): string {
  const { backendId, farmId, adminState, health, reason, since, isChecked, out, plannedPct, untracked } = row;
  return JSON.stringify([
    backendId,
    farmId,
    adminState,
    health,
    reason,
    since,
    isChecked,
    out,
    plannedPct,
    untracked,
    row.drain === null,
  ]);
}

function stateOf(farmId: string, backend: BackendLive): MonitorState {
  return {
    backendId: backend.backendId,
    farmId,
    adminState: backend.adminState,
    health: backend.health,
    reason: backend.reason,
    since: backend.healthSince ?? null,
    isChecked: backend.check !== undefined,
    out: backend.out ?? null,
    plannedPct: rounded(backend.plannedPct, 1) ?? 0,
    untracked: backend.untracked ?? null,
  };
}

function numbersOf({ check, lastProbeAt, newPerS, active, traffic, connect, drain }: BackendLive): MonitorNumbers {
  return {
    checkAt: check?.at ?? lastProbeAt,
    newPerS: rounded(newPerS, 1),
    active,
    p95Ms: rounded((traffic ?? connect)?.p95Ms ?? null, 2),
    latencyOf: traffic === undefined ? "probe" : "traffic",
    drain: drain ?? null,
  };
}

/** Digits that nobody sees would make every row a new one each second. */
function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
