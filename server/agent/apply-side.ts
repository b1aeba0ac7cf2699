/** The parts that hold and change the desired state, wired: store, replay, the one writer, and what follows a commit. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createDigester } from "../core/change/digest.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import { type Accepted, type Applier, createApplier, type TurnStep } from "./applier.ts";
import type { ConditionBook } from "./conditions.ts";
import { type Cutter, createCutter } from "./cutter.ts";
import { createDrift, type Drift } from "./drift.ts";
import { type DriftReport, driftReport } from "./drift-report.ts";
import type { Events } from "./events.ts";
import { createHistory, type History } from "./history.ts";
import { createHousekeeping, type Housekeeping } from "./housekeeping.ts";
import type { AgentLog, KernelSide } from "./kernel-side.ts";
import { cutOrders, type State } from "./plan.ts";
import { createQuietPause } from "./quiet-pause.ts";
import type { Intent } from "./records.ts";
import { replay, withTag } from "./replay.ts";
import { createSnapshots } from "./snapshots.ts";
import { openStore } from "./store.ts";
import { recordedTag, recordTag, tagRefusal } from "./tag-file.ts";
import type { TurnQueue } from "./turn-queue.ts";
import { readFactors, withFactors } from "./weight-file.ts";

export type OnCommit = (before: State, after: State, accepted: Accepted | null) => void;

export type ApplySide = {
  readonly applier: Applier;
  readonly history: History;
  readonly housekeeping: Housekeeping;
  readonly drift: Drift;
  readonly cutter: Cutter;
  /** resolves between the pieces of measuring, see quiet-pause.ts */
  readonly pause: () => Promise<void>;
  /** brings the kernel to the state of the disk, and takes up what was under way when the agent died */
  begin(): Promise<void>;
};

const recentRevisions = 20;
const recentMs = 15_000;

type Deps = {
  readonly env: AgentEnv;
  readonly tag: number;
  readonly queue: TurnQueue;
  readonly kernelSide: KernelSide;
  readonly events: Events;
  readonly conditions: ConditionBook;
  readonly onCommit: OnCommit;
  readonly log: AgentLog;
  readonly onStep: (step: TurnStep) => void;
  readonly onDrift: (report: DriftReport) => void;
  /** somebody else wrote rules, in our table or not */
  readonly onForeign: () => void;
  /** connections were cut: live values read them anew */
  readonly onCut: () => void;
};

export async function openApplySide(deps: Deps): Promise<ApplySide> {
  const { queue, kernelSide, events, conditions, log } = deps;
  const { store, restored } = await openStore(deps.env.dataDir);
  const history = createHistory();
  const replayed = replay(restored, deps.tag, conditions, history);
  const { pending, damage } = replayed;
  const tagged = withTag(replayed.state, deps.tag, conditions);
  const state = withFactors(tagged, readFactors(deps.env.dataDir), conditions);
  const refusal = tagRefusal(recordedTag(deps.env.dataDir), deps.tag, state.desired.farms.size);
  if (refusal !== null) throw new Error(refusal);
  await recordTag(deps.env.dataDir, deps.tag);
  for (const text of damage) {
    log("error", "state-damaged", { text });
    events.add({ kind: "agent", text: `The agent's own state is damaged: ${text}` });
  }
  conditions.use((step, priority) => applier.own(step, priority));
  const digest = createDigester((texts) => {
    const hash = createHash("sha256");
    for (const text of texts) hash.update(text);
    return hash.digest("hex");
  });
  const commits: OnCommit[] = [deps.onCommit];
  const applier = createApplier(state, {
    kernel: kernelSide.kernel,
    store,
    queue,
    history,
    events,
    conditions,
    digestOf: ({ desired: { farms, lists } }) =>
      digest(
        [...farms.values()].map(({ farm }) => farm),
        Array.from(lists.values(), ({ list }) => list),
      ),
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    onCommit: (before, after, accepted) => {
      for (const commit of commits) commit(before, after, accepted);
    },
    onStep: deps.onStep,
    onHealed: (reason, { what, found }, healedState) => {
      const report = driftReport(reason, what, found, healedState, kernelSide.writers.words());
      log("warn", "drift", { text: report.text, lines: report.lines });
      events.add({ kind: "drift", text: report.text, farmId: report.farmId });
      deps.onDrift(report);
    },
    isUnclaimed: await isUnclaimed(deps, state, pending),
  });
  const housekeeping = createHousekeeping({
    own: applier.own,
    conntrack: kernelSide.conntrack,
    events,
    conditions,
    now: () => Date.now(),
    after: (ms, task) => void setTimeout(task, ms).unref(),
  });
  const drift = createDrift({
    applier,
    kernel: kernelSide.kernel,
    seesTable: kernelSide.seesTable,
    writers: kernelSide.writers,
    atRest: (ruleset) => kernelSide.keepSpare?.(ruleset),
    onForeign: deps.onForeign,
    now: () => performance.now(),
  });
  const cutter = createCutter({
    own: applier.own,
    conntrack: kernelSide.conntrack,
    events,
    sleep: (ms) => sleep(ms),
    onCut: deps.onCut,
  });
  const snapshots = createSnapshots(
    {
      store,
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      betweenTurns: (task) => queue.run("own", () => task(applier.state(), applier.digest())),
      onError: (error) => {
        log("error", "snapshot-failed", { error: String(error) });
        events.add({ kind: "agent", text: "The agent could not write its snapshot; the journal goes on" });
      },
    },
    conditions.record,
    { epoch: restored.snapshot?.epoch ?? 1, n: restored.snapshot?.n ?? 0 },
  );
  commits.push(
    (before, after, accepted) => housekeeping.committed(before, after, accepted?.plan ?? null),
    (_before, after, accepted) => {
      for (const farmId of accepted?.plan.touched ?? []) {
        const backends = after.desired.farms.get(farmId)?.farm.backends ?? [];
        conditions.keepOnly(farmId, new Set(backends.map(({ id }) => id)));
      }
    },
    () => drift.changed(),
    (_before, _after, accepted) => {
      for (const order of accepted?.plan.cuts ?? []) void cutter.cut(order);
    },
    (_before, after, accepted) => {
      void snapshots.consider(after.desired, accepted !== null);
    },
  );
  return {
    applier,
    history,
    housekeeping,
    drift,
    cutter,
    pause: createQuietPause(queue),
    async begin() {
      await applier.begin(pending);
      for (const order of unfinishedCuts(applier.state(), history, Date.now())) void cutter.cut(order);
    },
  };
}

/** A cut takes a second; one that was accepted just before the agent died is done again: it does no harm twice. */
function unfinishedCuts(state: State, history: History, nowMs: number) {
  const { epoch, n } = state.desired;
  const entries = history.after(epoch, n - recentRevisions).filter(({ at }) => nowMs - at < recentMs);
  const cuts = entries.flatMap(({ operations }) =>
    operations.flatMap((operation) => (operation.type === "cut" ? [operation] : [])),
  );
  const isOut = ({ farmId, backendId }: { farmId: string; backendId: string }) =>
    state.desired.farms.get(farmId)?.farm.backends.find(({ id }) => id === backendId)?.adminState !== "active";
  return cutOrders(state, cuts.filter(isOut));
}

/** On a host, rules of ours without a state of ours are left alone until somebody decides. */
async function isUnclaimed(deps: Deps, state: State, pending: Intent | null): Promise<boolean> {
  if (deps.env.isLab || pending !== null || state.desired.n > 0 || state.desired.farms.size > 0) return false;
  return (await deps.kernelSide.listing.hasTable()) === true;
}
