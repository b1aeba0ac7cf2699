/**
 * The one writer. A turn plans a change, journals its intent, makes one transaction, proves it, and only then commits state and
 * outcome; a failed turn commits nothing. One turn at a time; everything that changes the kernel or the state is a turn.
 */
import type { Conflict } from "../core/change/apply-operations.ts";
import { isUrgent, type Operation } from "../core/change/operation.ts";
import type { ChangePreview } from "../core/change/preview.ts";
import { type Failure, ok, type Result } from "../core/result.ts";
import type { ChangeAnswer, ChangeRequest, SeedRequest } from "../wire/agent.ts";
import { entryOf, refused, staleEpoch, unclaimed } from "./change-answers.ts";
import type { Conditions } from "./effective-memo.ts";
import type { Events } from "./events.ts";
import type { History } from "./history.ts";
import type { Kernel } from "./kernel.ts";
import type { HealOutcome, KernelOutcome } from "./kernel-words.ts";
import { type Plan, planChange, planSeed, type State, storageFailure } from "./plan.ts";
import type { AllocationRecord, ConditionsRecord, Intent } from "./records.ts";
import { planOf, revisionOf } from "./replay.ts";
import { planSentences, seedSentences } from "./sentences.ts";
import type { Store } from "./store.ts";
import type { TurnPriority, TurnQueue } from "./turn-queue.ts";

export type TurnStep = "planned" | "intent" | "transaction" | "outcome";

export type Accepted = {
  readonly plan: Plan;
  readonly sentences: readonly string[];
  /** none of a seed */
  readonly operations: readonly Operation[];
};

type Sync = "in-sync" | "applying" | "drift" | "unclaimed";

export type OwnStep = {
  readonly state: State;
  /** without it on disk the step is undone */
  readonly record?: AllocationRecord;
  /** for a restart; what was measured takes effect also where the disk is full */
  readonly note?: ConditionsRecord;
};

export type Applier = {
  state(): State;
  digest(): string;
  sync(): Sync;
  isBusy(): boolean;
  change(request: ChangeRequest, peerUid: number | null): Promise<ChangeAnswer>;
  seed(request: SeedRequest, peerUid: number | null): Promise<ChangeAnswer>;
  answerOf(uuid: string): ChangeAnswer | null;
  preview(request: ChangeRequest): Promise<Result<ChangePreview, Failure | Conflict>>;
  /** the agent's own steps: blocks released, ids forgotten, cuts moved on, conditions. `step` is asked inside the turn. */
  own(step: (state: State) => OwnStep | null, priority?: "urgent" | "own"): Promise<boolean>;
  /** lists our table and puts right what differs */
  heal(reason: string, isGone?: boolean): Promise<HealOutcome>;
  /** at start: the last intent without an outcome is applied again, or the kernel is brought to the state */
  begin(pending: Intent | null): Promise<void>;
};

export type ApplierDeps = {
  readonly kernel: Pick<Kernel, "change" | "heal" | "check" | "isAt">;
  readonly store: Pick<Store, "append" | "write">;
  readonly queue: TurnQueue;
  readonly history: History;
  readonly events: Pick<Events, "add">;
  readonly conditions: Conditions;
  readonly digestOf: (state: State) => string;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  /** the kernel was put right: told to people */
  readonly onHealed: (reason: string, outcome: Extract<HealOutcome, { status: "healed" }>, state: State) => void;
  /** after a commit; `accepted` null when no revision was made */
  readonly onCommit: (before: State, after: State, accepted: Accepted | null) => void;
  /** told at each step of a turn; tests end the process there */
  readonly onStep: (step: TurnStep) => void;
  /** tables of ours without a state of ours, or with one that lost a part: left alone until somebody seeds */
  readonly isUnclaimed: boolean;
};

export function createApplier(initial: State, deps: ApplierDeps): Applier {
  let state = initial;
  let digest = deps.digestOf(initial);
  let isUnclaimed = deps.isUnclaimed;
  let isDrifted = false;
  const underWay = new Map<string, Promise<ChangeAnswer>>();

  /** The same uuid asks for the same answer, however often and however soon. */
  function once(uuid: string, priority: TurnPriority, turn: () => Promise<ChangeAnswer>): Promise<ChangeAnswer> {
    const known = deps.history.answer(uuid);
    if (known !== undefined) return Promise.resolve(known);
    const running = underWay.get(uuid);
    if (running !== undefined) return running;
    const answer = deps.queue.run(priority, turn).finally(() => underWay.delete(uuid));
    underWay.set(uuid, answer);
    return answer;
  }

  /** Transaction, proof, outcome on disk, commit. `known`: the digest, where there was time for it before. */
  async function carryOut(
    intent: Intent,
    plan: Plan,
    sentences: readonly string[],
    startedMs: number,
    known: string | null = null,
  ) {
    const changing = deps.kernel.change(plan.state.ruleset);
    // the kernel is at work meanwhile
    const nextDigest = known ?? deps.digestOf(plan.state);
    const outcome = await changing;
    if (outcome.status === "refused") return refuse(intent, outcome);
    deps.onStep("transaction");
    return commit(intent, plan, sentences, nextDigest, outcome, startedMs);
  }

  async function commit(
    intent: Intent,
    plan: Plan,
    sentences: readonly string[],
    nextDigest: string,
    outcome: Pick<Extract<KernelOutcome, { status: "applied" }>, "statements" | "wasRepaired">,
    startedMs: number,
  ) {
    const before = state;
    state = plan.state;
    digest = nextDigest;
    isUnclaimed = false;
    const answer: ChangeAnswer = {
      outcome: "applied",
      uuid: intent.uuid,
      epoch: intent.epoch,
      n: intent.n,
      digest,
      at: intent.at,
      sentences: [...sentences],
      statements: outcome.statements,
      applyMs: deps.monotonicMs() - startedMs,
    };
    // in the journal that others read as soon as the status says n: a number without its entry would look like a lost one
    if (intent.kind === "change") deps.history.accept(entryOf(intent, digest, sentences));
    await recordOutcome(answer);
    deps.onStep("outcome");
    if (outcome.wasRepaired)
      deps.events.add({ kind: "repair", text: "The kernel was not as expected; it was listed and put right" });
    const operations = intent.kind === "change" ? intent.operations : [];
    deps.onCommit(before, state, { plan, sentences, operations });
    return answer;
  }

  async function refuse(intent: Intent, outcome: Extract<KernelOutcome, { status: "refused" }>): Promise<ChangeAnswer> {
    if (!deps.kernel.isAt(state.ruleset)) await restoreKernel();
    const error = { code: outcome.code, text: outcome.text, retry: false };
    const answer: ChangeAnswer = { outcome: "refused", uuid: intent.uuid, error };
    await recordOutcome(answer);
    return answer;
  }

  /** What was answered is remembered even when the disk refuses: the intent alone is enough for the next start. */
  async function recordOutcome(answer: ChangeAnswer): Promise<void> {
    deps.history.remember(answer);
    try {
      // applied: the intent alone leads there again. Refused: it must not be tried again, so it has to be on disk
      const record = { type: "outcome" as const, answer };
      await (answer.outcome === "applied" ? deps.store.write(record) : deps.store.append(record));
    } catch (error) {
      deps.events.add({ kind: "agent", text: storageFailure(error).error.text });
    }
  }

  async function restoreKernel(): Promise<void> {
    const outcome = await deps.kernel.heal(state.ruleset);
    isDrifted = outcome.status === "failed";
  }

  async function journal(intent: Intent): Promise<Failure | null> {
    deps.onStep("planned");
    try {
      await deps.store.append(intent);
      deps.onStep("intent");
      return null;
    } catch (error) {
      return storageFailure(error).error;
    }
  }

  async function changeTurn(request: ChangeRequest, peerUid: number | null): Promise<ChangeAnswer> {
    const { uuid, actor, operations } = request;
    if (isUnclaimed) return refused(uuid, unclaimed().error);
    const startedMs = deps.monotonicMs();
    const { epoch, n } = state.desired;
    const head = { uuid, actor, peerUid, at: deps.now(), epoch, n: n + 1 };
    const intent: Intent = { type: "intent", kind: "change", ...head, operations };
    const plan = planChange(state, operations, revisionOf(intent), deps.conditions);
    if (!plan.ok) return refused(uuid, plan.error);
    const journalling = journal(intent);
    // the disk is at work meanwhile
    const sentences = planSentences(state, plan.value, operations, deps.conditions);
    const nextDigest = deps.digestOf(plan.value.state);
    const failure = await journalling;
    if (failure !== null) return refused(uuid, failure);
    return carryOut(intent, plan.value, sentences, startedMs, nextDigest);
  }

  async function seedTurn(request: SeedRequest, peerUid: number | null): Promise<ChangeAnswer> {
    const { uuid, actor, epoch, after = 0, farms, lists = [] } = request;
    const isPristine = state.desired.n === 0 && state.desired.farms.size === 0;
    const isNext = isPristine ? epoch >= state.desired.epoch : epoch > state.desired.epoch;
    if (!isNext) return refused(uuid, staleEpoch(state.desired.epoch).error);
    const startedMs = deps.monotonicMs();
    const head = { uuid, actor, peerUid, at: deps.now(), epoch, n: Math.max(after, state.desired.n) + 1 };
    const intent: Intent = { type: "intent", kind: "seed", ...head, farms, lists };
    const plan = planSeed(state, intent, revisionOf(intent), deps.conditions);
    if (!plan.ok) return refused(uuid, plan.error);
    const failure = await journal(intent);
    if (failure !== null) return refused(uuid, failure);
    return carryOut(intent, plan.value, seedSentences(farms.length, epoch), startedMs);
  }

  async function ownTurn(step: Parameters<Applier["own"]>[0]): Promise<boolean> {
    const wanted = isUnclaimed ? null : step(state);
    if (wanted === null) return false;
    const outcome = await deps.kernel.change(wanted.state.ruleset);
    if (outcome.status === "refused") {
      if (!deps.kernel.isAt(state.ruleset)) await restoreKernel();
      return false;
    }
    if (wanted.record !== undefined) {
      const failed = await deps.store.write(wanted.record).then(
        () => false,
        () => true,
      );
      if (failed) {
        await restoreKernel();
        return false;
      }
    }
    const before = state;
    state = wanted.state;
    // not waited for: a disk that is busy holds up nobody who goes down. Where it fails, a restart begins with what was known
    // before; the kernel has the rules all the same
    if (wanted.note !== undefined) void deps.store.write(wanted.note).catch(() => undefined);
    deps.onCommit(before, state, null);
    return true;
  }

  async function healTurn(reason: string, isGone: boolean): Promise<HealOutcome> {
    if (isUnclaimed || state.desired.n === 0) return { status: "in-sync" };
    const wasDrifted = isDrifted;
    const outcome = await deps.kernel.heal(state.ruleset, isGone);
    isDrifted = outcome.status === "failed";
    // told once: it is tried again and again
    if (outcome.status === "failed" && !wasDrifted)
      deps.events.add({ kind: "drift", text: `${reason}; putting it right failed` });
    if (outcome.status === "healed") deps.onHealed(reason, outcome, state);
    return outcome;
  }

  async function beginTurn(pending: Intent | null): Promise<void> {
    if (isUnclaimed) return;
    if (pending !== null) {
      const plan = planOf(pending, state, deps.conditions);
      if (!plan.ok) await recordOutcome(refused(pending.uuid, plan.error));
      else await finishPending(pending, plan.value);
    }
    if (state.desired.n > 0 && !deps.kernel.isAt(state.ruleset)) await restoreKernel();
  }

  async function finishPending(pending: Intent, plan: Plan): Promise<ChangeAnswer> {
    const sentences =
      pending.kind === "seed"
        ? seedSentences(pending.farms.length, pending.epoch)
        : planSentences(state, plan, pending.operations, deps.conditions);
    const startedMs = deps.monotonicMs();
    const isLoaded = async (ruleset: State["ruleset"]) => (await deps.kernel.heal(ruleset)).status !== "failed";
    if ((await isLoaded(plan.state.ruleset)) || (await isLoaded(state.ruleset)))
      return carryOut(pending, plan, sentences, startedMs);
    // The kernel takes nothing at all now, so it says nothing about this change, which may have been answered "applied" before a loss
    // of power. The journal decides; the rules follow as soon as the kernel takes them.
    const nothingDone = { statements: 0, wasRepaired: false };
    return commit(pending, plan, sentences, deps.digestOf(plan.state), nothingDone, startedMs);
  }

  return {
    state: () => state,
    digest: () => digest,
    sync: () => (isUnclaimed ? "unclaimed" : isDrifted ? "drift" : deps.queue.isBusy() ? "applying" : "in-sync"),
    isBusy: () => deps.queue.isBusy(),
    change: (request, peerUid) =>
      once(request.uuid, request.operations.every(isUrgent) ? "urgent" : "structural", () =>
        changeTurn(request, peerUid),
      ),
    seed: (request, peerUid) => once(request.uuid, "structural", () => seedTurn(request, peerUid)),
    answerOf: (uuid) => deps.history.answer(uuid) ?? (underWay.has(uuid) ? { outcome: "unknown", uuid } : null),
    async preview(request) {
      const { epoch, n } = state.desired;
      const next = { epoch, n: n + 1, actor: request.actor, at: deps.now() };
      const plan = planChange(state, request.operations, next, deps.conditions);
      if (!plan.ok) return plan;
      const sentences = planSentences(state, plan.value, request.operations, deps.conditions);
      return ok({ sentences, ...(await deps.kernel.check(plan.value.state.ruleset)) });
    },
    own: (step, priority = "own") => deps.queue.run(priority, () => ownTurn(step)),
    heal: (reason, isGone = false) => deps.queue.run("own", () => healTurn(reason, isGone)),
    begin: (pending) => deps.queue.run("own", () => beginTurn(pending)),
  };
}
