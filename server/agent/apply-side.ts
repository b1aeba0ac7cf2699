/** The parts that hold and change the desired state, wired: store, replay, the one writer, and what follows a commit. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createStateDigester } from "../core/change/digest.ts";
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
  /** part of the farms was lost, and nobody has given all of them since */
  readonly isIncomplete: () => boolean;
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
  const { pending, damage, isIncomplete } = replayed;
  const tagged = withTag(replayed.state, deps.tag, conditions);
  const state = withFactors(tagged, readFactors(deps.env.dataDir), conditions);
  const refusal = tagRefusal(recordedTag(deps.env.dataDir), deps.tag, state.desired.farms.size);
  if (refusal !== null) throw new Error(refusal);
  await recordTag(deps.env.dataDir, deps.tag);
  const isUnclaimed = await isLeftAlone(deps, state, pending, isIncomplete);
  for (const text of damage) {
    log("error", "state-damaged", { text });
    events.add({ kind: "agent", text: `The agent's own state is damaged: ${text}` });
  }
  if (isIncomplete && isUnclaimed)
    events.add({ kind: "agent", text: "Farms may be lost, so the rules in the kernel are left as they are" });
  conditions.use((step, priority) => applier.own(step, priority));
  const digest = createStateDigester((texts) => {
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
    digestOf: ({ desired }) => digest(desired),
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
    isUnclaimed,
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
    // a journal with a gap is read no second time: what was made of it is the state from now on
    isIncomplete ? { epoch: 0, n: 0 } : { epoch: restored.snapshot?.epoch ?? 1, n: restored.snapshot?.n ?? 0 },
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
  const { epoch: epochAtStart } = state.desired;
  return {
    applier,
    isIncomplete: () => isIncomplete && applier.state().desired.epoch === epochAtStart,
    history,
    housekeeping,
    drift,
    cutter,
    pause: createQuietPause(queue),
    async begin() {
      await applier.begin(pending);
      if (isIncomplete && !isUnclaimed) void snapshots.consider(applier.state().desired, false);
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

/**
 * On a host, rules of ours without a state of ours are left alone until somebody decides; so are rules that may be newer than what is left
 * of the state. Where the kernel has none (after a reboot), what is left is better than nothing.
 */
async function isLeftAlone(
  { env, kernelSide }: Deps,
  { desired }: State,
  pending: Intent | null,
  isIncomplete: boolean,
): Promise<boolean> {
  const isEmpty = pending === null && desired.n === 0 && desired.farms.size === 0;
  if (env.isLab || !(isEmpty || isIncomplete)) return false;
  return (await kernelSide.listing.hasTable()) === true;
}
