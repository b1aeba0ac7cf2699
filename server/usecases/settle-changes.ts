/** Changes whose outcome is not known are asked for by uuid until the agent says it. */
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import type { Database, StoredChange } from "../db/repositories.ts";
import type { ChangeAnswer } from "../wire/agent.ts";
import type { Deps } from "./deps.ts";
import { conflictSides, conflictText, listSides } from "./outcome.ts";
import { recordRevision } from "./record-revision.ts";

/** Younger changes are still in the hands of the request that made them. */
export const settleAfterMs = 3000;

/** Answers how many are still open. */
export async function settleChanges(database: Database, deps: Deps): Promise<Result<number>> {
  const applying = await database.changes.applying();
  if (!applying.ok) return applying;
  let open = 0;
  for (const change of applying.value) {
    if (deps.nowMs() - change.at < settleAfterMs) {
      open++;
      continue;
    }
    const settled = await settle(change, database, deps);
    if (!settled.ok) return settled;
    if (!settled.value) open++;
  }
  return ok(open);
}

async function settle(change: StoredChange, database: Database, deps: Deps): Promise<Result<boolean>> {
  const asked = await askSurely(change.uuid, deps);
  if (!asked.ok) return asked;
  const answer = asked.value;
  if (answer?.outcome === "unknown") return ok(false);
  if (answer?.outcome === "applied") {
    const { outcome: _outcome, statements: _statements, applyMs: _applyMs, ...revision } = answer;
    const origin = { actor: change.actor, operations: change.operations, peerUid: null };
    return settledIfDone(await recordRevision({ ...revision, ...origin }, database, deps));
  }
  const text =
    answer === null
      ? "The change never reached the agent; nothing was changed"
      : answer.outcome === "conflict"
        ? conflictText(conflictSides(answer), listSides(answer))
        : answer.error.text;
  return settledIfDone(await database.changes.refuse(change.uuid, text));
}

/**
 * An agent that hung and goes on has requests waiting in several connections, and may answer our question before it reads the change
 * itself. So "never heard of it" counts only when it is said three times in a row.
 */
async function askSurely(uuid: string, deps: Deps): Promise<Result<ChangeAnswer | null>> {
  for (let asked = 1; ; asked++) {
    const answer = await deps.agent.change(uuid);
    if (!answer.ok || answer.value !== null || asked === 3) return answer;
  }
}

function settledIfDone(result: Result<null>): Result<boolean> {
  return result.ok ? ok(true) : result;
}
