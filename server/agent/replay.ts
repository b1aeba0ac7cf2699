/**
 * The state at start from what the disk holds: the snapshot, then every record after it in order. An intent whose outcome says refused
 * is skipped; one without an outcome counts as accepted when a later intent has a higher number, and is handed back as `pending` when it
 * is the last: it is applied again and answered then.
 */
import { emptyAllocation, forgetRetired, releaseBlocks } from "../core/allocation/allocation.ts";
import { parseAllocation } from "../core/allocation/serialize.ts";
import { desiredFrom, emptyDesired, type NextRevision } from "../core/change/apply-operations.ts";
import { emptyRuleset } from "../core/ruleset/ruleset.ts";
import type { ChangeAnswer } from "../wire/agent.ts";
import type { ConditionBook } from "./conditions.ts";
import type { Conditions } from "./effective-memo.ts";
import type { History } from "./history.ts";
import { allocateFarms, compileAll, planChange, planSeed, recompile, reprogram, type State } from "./plan.ts";
import type { Intent, JournalRecord, Snapshot } from "./records.ts";
import type { Restored } from "./store.ts";

export type Replayed = {
  readonly state: State;
  readonly pending: Intent | null;
  /** sentences about what could not be read; empty = all is well */
  readonly damage: readonly string[];
  /** part of the farms is lost: what is known is not what was last accepted */
  readonly isIncomplete: boolean;
};

/** What was measured is restored with the state: slots and rules followed from it. */
export type Restorable = Pick<ConditionBook, "of" | "host" | "restore" | "record" | "keepOnly">;

export function emptyState(tag: number): State {
  return { desired: emptyDesired(), allocation: emptyAllocation(tag), ruleset: emptyRuleset(tag) };
}

/** Ids stay, their marks get another tag: for a state whose farms were removed before the tag was changed. */
export function withTag(state: State, tag: number, conditions: Restorable): State {
  if (state.allocation.tag === tag) return state;
  const allocation = { ...state.allocation, tag };
  return { ...state, allocation, ruleset: compileAll(state.desired, allocation, conditions) };
}

export function replay(restored: Restored, tag: number, conditions: Restorable, history: History): Replayed {
  const damage = [...restored.damage];
  const outcomes = outcomesOf([...restored.history, ...restored.records]);
  for (const record of restored.history) remember(record, outcomes, history);
  let state = fromSnapshot(restored.snapshot, tag, conditions, damage);
  let isIncomplete = damage.length > restored.damage.length;
  let pending: Intent | null = null;
  const accept = (intent: Intent) => {
    const plan = planOf(intent, state, conditions);
    if (plan.ok) state = plan.value.state;
    else {
      damage.push(`revision ${intent.n} of the journal cannot be applied again: ${plan.error.text}`);
      state = { ...state, desired: { ...state.desired, epoch: intent.epoch, n: intent.n } };
    }
    // a seed names all farms: what was lost before it is of no account
    isIncomplete = !plan.ok || (isIncomplete && intent.kind !== "seed");
  };
  for (const [index, record] of restored.records.entries()) {
    if (index === restored.lostAt) isIncomplete = true;
    if (record.type === "allocation") {
      state = withAllocationRecord(state, record, conditions);
    } else if (record.type === "conditions") {
      conditions.restore(record.farms);
      state = reprogram(state, Object.keys(record.farms), conditions);
    } else if (record.type === "intent") {
      if (pending !== null && record.n > pending.n) accept(pending);
      pending = null;
      const outcome = outcomes.get(record.uuid);
      if (outcome === undefined) pending = record;
      else if (outcome.outcome === "applied") accept(record);
    }
    remember(record, outcomes, history);
  }
  forgetRemoved(state, conditions);
  return { state, pending, damage, isIncomplete: isIncomplete || restored.lostAt === restored.records.length };
}

/** What was measured of farms and backends that a later record removed. */
function forgetRemoved({ desired }: State, conditions: Restorable): void {
  for (const farmId of Object.keys(conditions.record())) {
    const backends = desired.farms.get(farmId)?.farm.backends ?? [];
    conditions.keepOnly(farmId, new Set(backends.map(({ id }) => id)));
  }
}

/** The revision an intent becomes. */
export function revisionOf(intent: Intent): NextRevision {
  return { epoch: intent.epoch, n: intent.n, actor: intent.actor, at: intent.at };
}

/** What an intent makes of the state, or why it cannot. */
export function planOf(intent: Intent, state: State, conditions: Conditions) {
  return intent.kind === "seed"
    ? planSeed(state, intent, revisionOf(intent), conditions)
    : planChange(state, intent.operations, revisionOf(intent), conditions);
}

function fromSnapshot(snapshot: Snapshot | null, tag: number, conditions: Restorable, damage: string[]): State {
  if (snapshot === null) return emptyState(tag);
  const { epoch, n } = snapshot;
  const desired = desiredFrom({ epoch, n }, snapshot.farms, snapshot.lists);
  const allocation = parseAllocation(snapshot.allocation);
  if (!desired.ok || !allocation.ok) {
    const reason = desired.ok ? "its allocation cannot be read" : desired.error.text;
    damage.push(`the snapshot is not valid: ${reason}`);
    return emptyState(tag);
  }
  conditions.restore(snapshot.conditions);
  const farms = Array.from(desired.value.farms.values(), ({ farm }) => farm);
  const fitting = allocateFarms(allocation.value, farms, conditions);
  if (!fitting.ok) {
    damage.push(`the snapshot is not valid: ${fitting.error.text}`);
    return emptyState(tag);
  }
  const ruleset = compileAll(desired.value, fitting.value, conditions);
  return { desired: desired.value, allocation: fitting.value, ruleset };
}

function withAllocationRecord(
  state: State,
  record: Extract<JournalRecord, { type: "allocation" }>,
  conditions: Restorable,
): State {
  if (record.step === "forget-retired")
    return recompile(state, forgetRetired(state.allocation, record.ids), [], conditions);
  const moved = state.allocation.moved;
  return recompile(state, releaseBlocks(state.allocation, record.bases), moved, conditions);
}

function outcomesOf(records: readonly JournalRecord[]): Map<string, ChangeAnswer> {
  const outcomes = new Map<string, ChangeAnswer>();
  for (const record of records) if (record.type === "outcome") outcomes.set(record.answer.uuid, record.answer);
  return outcomes;
}

function remember(record: JournalRecord, outcomes: ReadonlyMap<string, ChangeAnswer>, history: History): void {
  if (record.type === "outcome") history.remember(record.answer);
  if (record.type !== "intent" || record.kind !== "change") return;
  const outcome = outcomes.get(record.uuid);
  if (outcome?.outcome !== "applied") return;
  const { uuid, epoch, n, actor, peerUid, at, operations } = record;
  const { digest, sentences } = outcome;
  history.accept({ uuid, epoch, n, actor, peerUid, at, operations, digest, sentences });
}
