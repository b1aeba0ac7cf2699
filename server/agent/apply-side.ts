/** The parts that hold and change the desired state, wired: store, replay, the one writer, and what follows a commit. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createDigester } from "../core/change/digest.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import { type Applier, createApplier, type TurnStep } from "./applier.ts";
import { createCutter } from "./cutter.ts";
import { createDrift, type Drift } from "./drift.ts";
import type { HealthMap } from "./effective-memo.ts";
import type { Events } from "./events.ts";
import { createHistory, type History } from "./history.ts";
import { createHousekeeping, type Housekeeping } from "./housekeeping.ts";
import type { AgentLog, KernelSide } from "./kernel-side.ts";
import type { Plan, State } from "./plan.ts";
import type { Intent } from "./records.ts";
import { replay } from "./replay.ts";
import { createSnapshots } from "./snapshots.ts";
import { openStore, type Store } from "./store.ts";
import { createTurnQueue } from "./turn-queue.ts";

export type OnCommit = (before: State, after: State, plan: Plan | null) => void;

export type ApplySide = {
  readonly applier: Applier;
  readonly history: History;
  readonly housekeeping: Housekeeping;
  readonly drift: Drift;
  readonly store: Store;
  /** the last intent of the journal, when it has no outcome */
  readonly pending: Intent | null;
};

type Deps = {
  readonly env: AgentEnv;
  readonly tag: number;
  readonly kernelSide: KernelSide;
  readonly events: Events;
  readonly health: HealthMap;
  readonly onCommit: OnCommit;
  readonly log: AgentLog;
  readonly onStep: (step: TurnStep) => void;
};

export async function openApplySide(deps: Deps): Promise<ApplySide> {
  const { kernelSide, events, health, log } = deps;
  const { store, restored } = await openStore(deps.env.dataDir);
  const history = createHistory();
  const { state, pending, damage } = replay(restored, deps.tag, health, history);
  for (const text of damage) {
    log("error", "state-damaged", { text });
    events.add({ kind: "agent", text: `The agent's own state is damaged: ${text}` });
  }
  const queue = createTurnQueue();
  const digest = createDigester((text) => createHash("sha256").update(text).digest("hex"));
  const commits: OnCommit[] = [deps.onCommit];
  const applier = createApplier(state, {
    kernel: kernelSide.kernel,
    store,
    queue,
    history,
    events,
    health,
    digestOf: ({ desired }) => digest(Array.from(desired.farms.values(), ({ farm }) => farm)),
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    onCommit: (before, after, plan) => {
      for (const commit of commits) commit(before, after, plan);
    },
    onStep: deps.onStep,
    isUnclaimed: await isUnclaimed(deps, state, pending),
  });
  const housekeeping = createHousekeeping({
    own: applier.own,
    conntrack: kernelSide.conntrack,
    events,
    health,
    now: () => Date.now(),
    after: (ms, task) => void setTimeout(task, ms).unref(),
  });
  const drift = createDrift({
    applier,
    kernel: kernelSide.kernel,
    listing: kernelSide.listing,
    now: () => performance.now(),
  });
  const cutter = createCutter({ own: applier.own, conntrack: kernelSide.conntrack, events, sleep: (ms) => sleep(ms) });
  const snapshots = createSnapshots(
    {
      store,
      betweenTurns: (task) => queue.run("own", () => task(applier.state(), applier.digest())),
      onError: (error) => {
        log("error", "snapshot-failed", { error: String(error) });
        events.add({ kind: "agent", text: "The agent could not write its snapshot; the journal goes on" });
      },
    },
    { epoch: restored.snapshot?.epoch ?? 1, n: restored.snapshot?.n ?? 0 },
  );
  commits.push(
    (before, after, plan) => housekeeping.committed(before, after, plan),
    () => drift.changed(),
    (_before, _after, plan) => {
      for (const order of plan?.cuts ?? []) void cutter.cut(order);
    },
    (_before, after, plan) => {
      if (plan !== null) void snapshots.consider(after.desired);
    },
  );
  return { applier, history, housekeeping, drift, store, pending };
}

/** On a host, rules of ours without a state of ours are left alone until somebody decides. */
async function isUnclaimed(deps: Deps, state: State, pending: Intent | null): Promise<boolean> {
  if (deps.env.isLab || pending !== null || state.desired.n > 0 || state.desired.farms.size > 0) return false;
  return (await deps.kernelSide.listing.hasTable()) === true;
}
