/**
 * The one order of every change: Change row (applying) -> agent -> its answer -> farm rows, Revision and Change in one transaction.
 * Killed after any step, the reconciler finds the Change row and asks the agent by uuid; so nothing is applied twice or forgotten.
 */
import type { Actor } from "../auth/actor.ts";
import { farmIdsOf } from "../core/change/apply-operation.ts";
import type { Operation } from "../core/change/operation.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { withoutPast } from "../core/farm/window-times.ts";
import type { Failure } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";
import type { ChangeAnswer } from "../wire/agent.ts";
import type { Deps } from "./deps.ts";
import { agentDownText, conflictSides, conflictText, fromFailure, listSides, pendingText } from "./outcome.ts";
import { recordRevision } from "./record-revision.ts";

export type Asked = { readonly operations: readonly Operation[]; readonly text: string };

export async function applyChange(actor: Actor, asked: Asked, deps: Deps): Promise<ChangeOutcome> {
  const opened = await deps.database();
  if (!opened.ok) return fromFailure(opened.error);
  const database = opened.value;
  const by = { id: actor.id, name: actor.name };
  const uuid = deps.newId();
  const operations = asked.operations.map((operation) => withoutPastWindows(operation, deps.nowMs()));
  const begun = await database.changes.begin({ uuid, actor: by, operations, text: asked.text, at: deps.nowMs() });
  if (!begun.ok) return fromFailure(begun.error);
  const answer = await deps.agent.apply({ uuid, actor: by, operations });
  if (!answer.ok) return unanswered(uuid, answer.error, database, deps);
  return answered(answer.value, { actor: by, operations }, database, deps);
}

/** A maintenance window that is over says nothing any more: whoever writes the farm leaves it out. */
function withoutPastWindows(operation: Operation, nowMs: number): Operation {
  if (operation.type !== "put-farm" || operation.farm.maintenanceWindows.length === 0) return operation;
  const maintenanceWindows = withoutPast(operation.farm.maintenanceWindows, nowMs);
  return { ...operation, farm: { ...operation.farm, maintenanceWindows } };
}

type Origin = {
  readonly actor: { readonly id: string; readonly name: string };
  readonly operations: readonly Operation[];
};

async function answered(answer: ChangeAnswer, origin: Origin, database: Database, deps: Deps): Promise<ChangeOutcome> {
  if (answer.outcome === "unknown") return { status: "pending", uuid: answer.uuid, text: pendingText };
  if (answer.outcome === "refused") {
    await refuse(answer.uuid, answer.error.text, database, deps);
    return fromFailure({ ...answer.error, issues: answer.error.issues });
  }
  if (answer.outcome === "conflict") {
    const conflicts = conflictSides(answer);
    const lists = listSides(answer);
    await refuse(answer.uuid, conflictText(conflicts, lists), database, deps);
    return { status: "conflict", conflicts, lists };
  }
  const { outcome: _outcome, statements: _statements, applyMs, ...revision } = answer;
  const recorded = await recordRevision({ ...revision, ...origin, peerUid: null }, database, deps);
  if (!recorded.ok) {
    deps.log("change-not-recorded", {
      uuid: answer.uuid,
      n: answer.n,
      detail: recorded.error.detail ?? recorded.error.text,
    });
    const text = `Applied as revision ${answer.n}, but not written down yet: ${recorded.error.text}`;
    return { status: "pending", uuid: answer.uuid, text };
  }
  const { epoch, n, sentences } = answer;
  return { status: "ok", epoch, n, sentences, applyMs, farmId: farmIdsOf(origin.operations)[0] ?? null };
}

/** Only when the agent surely never saw the change may it be called refused. */
async function unanswered(uuid: string, failure: Failure, database: Database, deps: Deps): Promise<ChangeOutcome> {
  deps.log("change-unanswered", { uuid, code: failure.code, detail: failure.detail ?? failure.text });
  if (failure.code === "outcome-unknown") return { status: "pending", uuid, text: pendingText };
  const text = failure.code === "agent-down" ? agentDownText : failure.text;
  await refuse(uuid, text, database, deps);
  return fromFailure({ ...failure, text });
}

/** A Change row that cannot be marked stays applying; the reconciler marks it later. */
async function refuse(uuid: string, text: string, database: Database, deps: Deps): Promise<void> {
  const refused = await database.changes.refuse(uuid, text);
  if (!refused.ok) deps.log("change-not-refused", { uuid, detail: refused.error.detail ?? refused.error.text });
}
