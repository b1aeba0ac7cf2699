/**
 * What follows a change a moment later: slot blocks that were left are freed after at least a second (a packet may still be on its
 * way through the old rule), retired ids are forgotten when no connection carries them, and flows without connection (UDP, ICMP) that
 * would never notice the change are forgotten in conntrack once.
 */
import { type Allocation, forgetRetired, releaseBlocks, retiringBlocks } from "../core/allocation/allocation.ts";
import { parsePortEntry } from "../core/farm/ports.ts";
import type { Applier } from "./applier.ts";
import type { Conntrack } from "./conntrack.ts";
import type { Conditions } from "./effective-memo.ts";
import type { Events } from "./events.ts";
import { type EndedFlows, endedFlows, type Plan, recompile, type StaleFlows, type State, staleFlows } from "./plan.ts";

export type HousekeepingDeps = {
  readonly own: Applier["own"];
  readonly conntrack: Pick<Conntrack, "deleteFlows" | "deleteByDestination">;
  readonly events: Events;
  readonly conditions: Conditions;
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => void;
};

export type Housekeeping = {
  /** after each commit */
  committed(before: State, after: State, plan: Plan | null): void;
  /** ids that connections still carry, as a dump saw them at `atMs` */
  carried(state: State, ids: ReadonlySet<number>, atMs: number): void;
};

const releaseAfterMs = 1200;
/** without a change */
const quietMs = 300;
/** each change of a farm rewrites the slots of the blocks it left, so many of them cost every change more than freeing them costs once */
const leftMax = 12;
/** a dump shows what was there at its time: an id younger than this may have escaped it */
const retireAfterMs = 5000;
const portsMax = 256;

export function createHousekeeping(deps: HousekeepingDeps): Housekeeping {
  let isReleasePlanned = false;
  /** as the last commit has it: blocks are counted when it matters, not with every change */
  let latest: Allocation | null = null;
  let changedAt = Number.NEGATIVE_INFINITY;
  const retiredAt = new Map<number, number>();

  function planRelease({ allocation }: State): void {
    latest = allocation;
    if (isReleasePlanned || allocation.moved.size + allocation.cooling.length === 0) return;
    const bases = retiringBlocks(allocation).map(({ base }) => base);
    isReleasePlanned = true;
    deps.after(releaseAfterMs, () => releaseWhenQuiet(bases));
  }

  /** People's changes go first; only where very many blocks are left are they freed between changes. */
  function releaseWhenQuiet(bases: readonly number[]): void {
    if (deps.now() - changedAt < quietMs && !areTooMany()) {
      deps.after(quietMs, () => releaseWhenQuiet(bases));
      return;
    }
    isReleasePlanned = false;
    void releaseAll(bases);
  }

  function areTooMany(): boolean {
    return latest !== null && retiringBlocks(latest).length >= leftMax;
  }

  /** One at a time, some milliseconds each: somebody's change comes in between. What was released already is not there any more. */
  async function releaseAll(bases: readonly number[]): Promise<void> {
    for (const base of bases) await deps.own((now) => release(now, [base], deps.conditions));
  }

  function noteRetired(state: State): void {
    for (const id of state.allocation.retired) if (!retiredAt.has(id)) retiredAt.set(id, deps.now());
    for (const id of retiredAt.keys()) if (!state.allocation.retired.has(id)) retiredAt.delete(id);
  }

  async function forgetFlows(flows: readonly StaleFlows[], ended: readonly EndedFlows[]): Promise<void> {
    let forgotten = 0;
    for (const { protocol, address, ports } of flows)
      for (const port of portsOf(ports))
        forgotten += (await deps.conntrack.deleteByDestination(protocol, address, port)) ?? 0;
    for (const { markId, protocol } of ended) forgotten += (await deps.conntrack.deleteFlows(markId, protocol)) ?? 0;
    if (forgotten > 0) deps.events.add({ kind: "change", text: `${forgotten} older flows were scheduled again` });
  }

  return {
    committed(before, after, plan) {
      if (plan !== null) changedAt = deps.now();
      planRelease(after);
      noteRetired(after);
      if (plan === null) return;
      const flows = plan.touched.flatMap((farmId) =>
        staleFlows(before.desired.farms.get(farmId)?.farm ?? null, after.desired.farms.get(farmId)?.farm ?? null),
      );
      void forgetFlows(flows, endedFlows(before, after, plan.touched));
    },
    carried(state, ids, atMs) {
      const free = [...state.allocation.retired].filter(
        (id) => !ids.has(id) && atMs - (retiredAt.get(id) ?? atMs) >= retireAfterMs,
      );
      if (free.length > 0) void deps.own((now) => forget(now, free, deps.conditions));
    },
  };
}

function release(state: State, bases: readonly number[], conditions: Conditions) {
  const allocation = releaseBlocks(state.allocation, bases);
  if (allocation === state.allocation) return null;
  const record = { type: "allocation" as const, step: "release-blocks" as const, bases: [...bases] };
  const touched = [...state.allocation.moved].filter(
    (farmId) => allocation.farms.get(farmId) !== state.allocation.farms.get(farmId),
  );
  return { state: recompile(state, allocation, touched, conditions), record };
}

function forget(state: State, ids: readonly number[], conditions: Conditions) {
  const known = ids.filter((id) => state.allocation.retired.has(id));
  if (known.length === 0) return null;
  const record = { type: "allocation" as const, step: "forget-retired" as const, ids: known };
  return { state: recompile(state, forgetRetired(state.allocation, known), [], conditions), record };
}

/** conntrack knows no ranges: each port by itself, or the whole address when they are too many. */
function portsOf(ports: StaleFlows["ports"]): (number | null)[] {
  const out: number[] = [];
  for (const entry of ports) {
    const range = parsePortEntry(entry);
    if (typeof range === "string") continue;
    if (out.length + range.to - range.from >= portsMax) return [null];
    for (let port = range.from; port <= range.to; port++) out.push(port);
  }
  return out.length === 0 ? [null] : out;
}
