/**
 * When to probe whom. Each target starts at a random moment of its interval (no thundering herd), keeps its own rhythm, and is never probed
 * twice at once. What is late waits its turn and skips, it never piles up. Another interval goes on from the last start; "now" is one
 * probe more and leaves the rhythm alone. Probes that only measure are asked less often where they are many: checks, and what else runs on
 * the balancer, come first.
 */
import { isDeepStrictEqual } from "node:util";
import type { ProbeResult, ProberOrder, ProbeTarget } from "../wire/prober.ts";
import type { Answer } from "./attempt.ts";
import { createDueHeap } from "./due-heap.ts";
import { type Budgets, createPool, type Pool, type PoolName, poolNames, poolOf } from "./pools.ts";
import { createReports } from "./reports.ts";

export type ScheduleDeps = {
  readonly ask: (target: ProbeTarget, done: (result: Answer) => void) => void;
  readonly report: (results: readonly ProbeResult[]) => void;
  /** monotonic */
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly random: () => number;
  readonly soon: (run: () => void) => void;
  readonly budgets: Budgets;
  /** how much later than planned a probe began */
  readonly onStart?: (lateMs: number) => void;
};

export type Schedule = {
  order(order: ProberOrder): void;
  /** starts what is due; milliseconds until there is something to do again */
  tick(): number;
  size(): number;
};

type Entry = {
  target: ProbeTarget;
  readonly pool: PoolName;
  dueMs: number;
  /** what it waits for in its pool */
  waitsSinceMs: number;
  startedMs: number | null;
  state: "idle" | "waiting" | "open";
  /** asked for while it was open */
  isAgain: boolean;
  isSuspect: boolean;
  isGone: boolean;
  isGood: boolean | null;
  calm: number;
};

/** a check an hour must not leave a new backend unknown for an hour */
const firstWithinMs = 10_000;
/** probes that measure and judge nobody, of all backends together */
const measuringPerSMax = 1000;
const idleMs = 50;
const busyMs = 2;

export function createSchedule(deps: ScheduleDeps): Schedule {
  const entries = new Map<string, Entry>();
  const due = createDueHeap<Entry>();
  const pools = new Map<PoolName, Pool<Entry>>(poolNames.map((name) => [name, createPool(deps.budgets[name])]));
  const reports = createReports(deps);
  let measuring = 0;

  function plan(entry: Entry, atMs: number): void {
    entry.dueMs = atMs;
    due.push(atMs, entry);
  }

  function put(target: ProbeTarget): void {
    const known = entries.get(target.key);
    const now = deps.nowMs();
    if (known !== undefined && isSameQuestion(known.target, target)) {
      const before = known.target.intervalMs;
      known.target = target;
      if (before !== target.intervalMs) {
        const from = known.startedMs ?? now - deps.random() * target.intervalMs;
        plan(known, Math.max(now, from + target.intervalMs));
      }
      return;
    }
    if (known !== undefined) known.isGone = true;
    const entry = newEntry(target);
    if (known === undefined && isMeasuring(target)) measuring += 1;
    entries.set(target.key, entry);
    plan(entry, known?.dueMs ?? now + deps.random() * Math.min(paceMs(target), firstWithinMs));
  }

  function remove(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entry.isGone = true;
    entries.delete(key);
    if (isMeasuring(entry.target)) measuring -= 1;
  }

  function wait(entry: Entry, sinceMs: number, isFirst: boolean): void {
    entry.state = "waiting";
    entry.waitsSinceMs = sinceMs;
    if (isFirst) entry.isSuspect = false;
    pools.get(entry.pool)?.wait(entry, isFirst);
  }

  function askNow(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    if (entry.state === "open") entry.isAgain = true;
    else if (entry.state === "idle") wait(entry, deps.nowMs(), true);
  }

  function start(entry: Entry, pool: Pool<Entry>): void {
    const { target, isSuspect } = entry;
    const at = deps.wallMs();
    entry.state = "open";
    entry.startedMs = deps.nowMs();
    deps.onStart?.(entry.startedMs - entry.waitsSinceMs);
    let hasEnded = false;
    deps.ask(target, (answer) => {
      if (hasEnded) return;
      hasEnded = true;
      pool.ended(isSuspect);
      entry.state = "idle";
      if (entry.isGone) return;
      note(entry, answer);
      // what only measures is shown once a second: nobody waits for it
      reports.add({ key: target.key, at, ...answer }, isMeasuring(target) ? Number.MAX_SAFE_INTEGER : entry.calm);
      if (!entry.isAgain) return;
      entry.isAgain = false;
      wait(entry, deps.nowMs(), true);
    });
  }

  function queueDue(now: number): void {
    for (let item = due.pop(now); item !== null; item = due.pop(now)) {
      const entry = item.what;
      if (entry.isGone || item.atMs !== entry.dueMs) continue;
      const intervalMs = paceMs(entry.target);
      plan(entry, entry.dueMs + (Math.floor((now - entry.dueMs) / intervalMs) + 1) * intervalMs);
      if (entry.state === "idle") wait(entry, item.atMs, false);
    }
  }

  function paceMs(target: ProbeTarget): number {
    return isMeasuring(target)
      ? Math.max(target.intervalMs, Math.ceil((measuring * 1000) / measuringPerSMax))
      : target.intervalMs;
  }

  function startWaiting(): boolean {
    let areLeft = false;
    for (const pool of pools.values()) {
      for (const entry of pool.take()) {
        if (!entry.isGone) start(entry, pool);
        else pool.ended(entry.isSuspect);
      }
      if (pool.waiting() > 0) areLeft = true;
    }
    return areLeft;
  }

  return {
    order(order) {
      if (order.type === "targets") {
        const keys = new Set(order.targets.map((target) => target.key));
        for (const key of entries.keys()) if (!keys.has(key)) remove(key);
        for (const target of order.targets) put(target);
      } else if (order.type === "now") {
        for (const key of order.keys) askNow(key);
      } else {
        for (const key of order.remove) remove(key);
        for (const target of order.add) put(target);
      }
    },
    tick() {
      const now = deps.nowMs();
      queueDue(now);
      const areLeft = startWaiting();
      reports.tick(now);
      const next = due.nextMs();
      const restMs = areLeft || next === null ? idleMs : next - deps.nowMs();
      return Math.min(idleMs, Math.max(busyMs, areLeft ? busyMs : restMs));
    },
    size: () => entries.size,
  };
}

function newEntry(target: ProbeTarget): Entry {
  return {
    target,
    pool: poolOf(target),
    dueMs: 0,
    waitsSinceMs: 0,
    startedMs: null,
    state: "idle",
    isAgain: false,
    isSuspect: false,
    isGone: false,
    isGood: null,
    calm: 0,
  };
}

/** The keys of what measures and what checks differ, so a target stays what it is. */
function isMeasuring({ probe }: ProbeTarget): boolean {
  return probe.what === "connect";
}

/** A first good result is no news; the first bad one is. */
function note(entry: Entry, { error }: Answer): void {
  const isGood = error === null;
  if (entry.isGood === isGood) entry.calm += 1;
  else entry.calm = entry.isGood === null && isGood ? Number.MAX_SAFE_INTEGER : 0;
  entry.isGood = isGood;
  entry.isSuspect = error === "timeout";
}

function isSameQuestion(a: ProbeTarget, b: ProbeTarget): boolean {
  return a.address === b.address && a.port === b.port && isDeepStrictEqual(a.probe, b.probe);
}
