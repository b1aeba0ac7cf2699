/**
 * Drains: since when, what is left, how fast it falls, and what happens at the end. One reading of open connections a second goes in.
 * Since when, and what was told or cut, is kept on disk: a restart neither begins a drain anew nor tells its end twice. Times are the
 * balancer's clock; when that jumps, the beginnings of the drains jump with it, so that no deadline comes early or late.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import { isTracked } from "../core/farm/forwarding.ts";
import type { Farm } from "../core/farm/types.ts";
import { durationWords } from "../core/health/duration.ts";
import type { DrainLive } from "../core/metrics/live.ts";
import { createClockJump } from "./clock-jump.ts";
import type { ConntrackDump } from "./conntrack.ts";
import type { DrainRecord } from "./drain-file.ts";
import type { Events } from "./events.ts";
import { type CutOrder, cutOrders, type State } from "./plan.ts";

export type Drains = {
  round(state: State, dump: ConntrackDump | null): void;
  /** undefined = it does not drain */
  of(backendId: string): DrainLive | undefined;
};

export type DrainsDeps = {
  /** as the last life of the agent left them */
  readonly recorded: ReadonlyMap<string, DrainRecord>;
  readonly record: (drains: ReadonlyMap<string, DrainRecord>) => void;
  readonly events: Pick<Events, "add">;
  readonly cut: (order: CutOrder, why: string) => void;
  readonly now: () => number;
  readonly monotonicMs: () => number;
};

type Reading = { readonly atMs: number; readonly left: number };
type Followed = { readonly record: DrainRecord; readonly readings: readonly Reading[]; readonly live: DrainLive };

const readingsMs = 30_000;
/** a fall over less than this is no rate */
const leastMs = 3000;
/** a reading that began before the drain may miss a connection that was just made */
const settledMs = 1000;

const draining = new WeakMap<Farm, readonly Farm["backends"][number][]>();

export function createDrains(deps: DrainsDeps): Drains {
  let records = deps.recorded;
  let followed = new Map<string, Followed>();
  const jump = createClockJump(deps.now, deps.monotonicMs);

  function follow(farm: Farm, backendId: string, sinceMs: number, left: number | null, dump: ConntrackDump | null) {
    const record = records.get(backendId) ?? { sinceMs, isEmptyTold: false, isCut: false };
    const before = followed.get(backendId)?.readings ?? [];
    const readings = left === null || dump === null ? before : withReading(before, { atMs: dump.atMs, left });
    const deadlineMs = farm.drainDeadlineS === null ? null : record.sinceMs + farm.drainDeadlineS * 1000;
    const live = { sinceMs: record.sinceMs, left, ...paceOf(readings), deadlineMs };
    return { record, readings, live };
  }

  /** What is told or done, at most once a drain; answers the record after it. */
  function end(state: State, farm: Farm, backendId: string, { record, live }: Followed, atMs: number | null) {
    const nowMs = deps.now();
    const { left, deadlineMs } = live;
    const isEmpty = left === 0 && atMs !== null && atMs - record.sinceMs >= settledMs;
    const isOver = deadlineMs !== null && nowMs >= deadlineMs;
    if (isEmpty && !record.isEmptyTold) tellEmpty(farm, backendId, nowMs - record.sinceMs);
    if (isOver && !record.isCut && left !== 0)
      for (const order of cutOrders(state, [{ farmId: farm.id, backendId }]))
        deps.cut(order, `The deadline of its drain passed (${durationWords((farm.drainDeadlineS ?? 0) * 1000)})`);
    // a deadline that was moved into the future comes again
    return { ...record, isEmptyTold: record.isEmptyTold || isEmpty, isCut: isOver };
  }

  function tellEmpty(farm: Farm, backendId: string, tookMs: number): void {
    const name = farm.backends.find(({ id }) => id === backendId)?.name ?? "A backend";
    const text = `${name} of ${farm.name} is empty: no open connection left, ${durationWords(tookMs)} after its drain began`;
    deps.events.add({ kind: "empty", text, farmId: farm.id, backendId });
  }

  return {
    round(state, dump) {
      const nowMs = deps.now();
      const byMs = jump();
      if (byMs !== 0) {
        records = new Map(Array.from(records, ([id, one]) => [id, { ...one, sinceMs: one.sinceMs + byMs }]));
        followed = new Map();
      }
      const next = new Map<string, Followed>();
      for (const [farmId, { farm, at }] of state.desired.farms)
        for (const backend of drainingOf(farm)) {
          const markId = markOf(state, farmId, backend);
          const left = dump === null || markId === null || !isTracked(farm) ? null : (dump.active.get(markId) ?? 0);
          const one = follow(farm, backend.id, at ?? nowMs, left, dump);
          next.set(backend.id, { ...one, record: end(state, farm, backend.id, one, dump?.atMs ?? null) });
        }
      followed = next;
      const after = new Map(Array.from(next, ([id, { record }]) => [id, record]));
      if (textOf(after) !== textOf(records) || byMs !== 0) deps.record(after);
      records = after;
    },
    of: (backendId) => followed.get(backendId)?.live,
  };
}

function drainingOf(farm: Farm): readonly Farm["backends"][number][] {
  const known = draining.get(farm) ?? farm.backends.filter(({ adminState }) => adminState === "drain");
  draining.set(farm, known);
  return known;
}

function markOf(state: State, farmId: string, backend: Farm["backends"][number]): number | null {
  return state.allocation.farms.get(farmId)?.ids.get(memberKey(backend)) ?? null;
}

function withReading(before: readonly Reading[], reading: Reading): readonly Reading[] {
  if (before.at(-1)?.atMs === reading.atMs) return before;
  return [...before.filter(({ atMs }) => reading.atMs - atMs <= readingsMs), reading];
}

/** Over the last half minute, so that it neither jumps nor remembers the time before the drain. */
function paceOf(readings: readonly Reading[]): Pick<DrainLive, "perS" | "endsAtMs"> {
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < leastMs)
    return { perS: null, endsAtMs: null };
  const perS = Math.max(0, ((first.left - last.left) * 1000) / (last.atMs - first.atMs));
  return { perS, endsAtMs: perS === 0 || last.left === 0 ? null : Math.round(last.atMs + (last.left * 1000) / perS) };
}

function textOf(records: ReadonlyMap<string, DrainRecord>): string {
  return JSON.stringify([...records]);
}
