/**
 * When to probe whom. Each target starts at a random moment of its interval (no thundering herd), keeps its own rhythm, and is
 * never probed twice at once; at most `concurrencyMax` connects are open. What is late waits its turn and skips, it never piles up.
 */
import type { ProbeResult, ProberOrder, ProbeTarget } from "../wire/prober.ts";
import type { Answer } from "./connect.ts";

export type ScheduleDeps = {
  readonly ask: (target: ProbeTarget, done: (result: Answer) => void) => void;
  readonly report: (results: readonly ProbeResult[]) => void;
  /** monotonic */
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly random: () => number;
  readonly concurrencyMax: number;
};

export type Schedule = {
  order(order: ProberOrder): void;
  tick(): void;
  size(): number;
};

type Entry = { readonly target: ProbeTarget; dueMs: number; isOpen: boolean };

const reportEveryMs = 200;

export function createSchedule(deps: ScheduleDeps): Schedule {
  const entries = new Map<string, Entry>();
  let results: ProbeResult[] = [];
  let reportedMs = deps.nowMs();
  let open = 0;

  function add(target: ProbeTarget): void {
    const known = entries.get(target.key);
    const dueMs = known?.dueMs ?? deps.nowMs() + deps.random() * target.intervalMs;
    entries.set(target.key, { target, dueMs, isOpen: false });
  }

  function start(entry: Entry): void {
    const { target } = entry;
    entry.isOpen = true;
    open += 1;
    const at = deps.wallMs();
    deps.ask(target, (result) => {
      entry.isOpen = false;
      open -= 1;
      if (entries.get(target.key) === entry) results.push({ key: target.key, at, ...result });
    });
  }

  function startDue(now: number): void {
    for (const entry of entries.values()) {
      if (open >= deps.concurrencyMax) return;
      if (entry.isOpen || entry.dueMs > now) continue;
      const late = Math.floor((now - entry.dueMs) / entry.target.intervalMs);
      entry.dueMs += (late + 1) * entry.target.intervalMs;
      start(entry);
    }
  }

  return {
    order(order) {
      if (order.type === "targets") {
        const keys = new Set(order.targets.map((target) => target.key));
        for (const key of entries.keys()) if (!keys.has(key)) entries.delete(key);
        for (const target of order.targets) add(target);
      } else if (order.type === "now") {
        for (const key of order.keys) {
          const entry = entries.get(key);
          if (entry !== undefined) entry.dueMs = deps.nowMs();
        }
      } else {
        for (const key of order.remove) entries.delete(key);
        for (const target of order.add) add(target);
      }
    },
    tick() {
      const now = deps.nowMs();
      startDue(now);
      if (results.length === 0 || now - reportedMs < reportEveryMs) return;
      const ready = results;
      results = [];
      reportedMs = now;
      deps.report(ready);
    },
    size: () => entries.size,
  };
}
