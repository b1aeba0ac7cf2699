/** What the writer answers where it made no change, and what it notes of one that it made. Pure. */
import type { Conflict } from "../core/change/apply-operations.ts";
import { type Failure, fail } from "../core/result.ts";
import type { ChangeAnswer } from "../wire/agent.ts";
import type { Intent } from "./records.ts";

/** What the journal that others read has of an accepted change. */
export function entryOf(intent: Extract<Intent, { kind: "change" }>, digest: string, sentences: readonly string[]) {
  const { uuid, epoch, n, actor, peerUid, at, operations } = intent;
  return { uuid, epoch, n, actor, peerUid, at, operations, digest, sentences: [...sentences] };
}

/** What a caller is told of a change that was not made. */
export function refused(uuid: string, error: Failure | Conflict): ChangeAnswer {
  if ("conflicts" in error)
    return { outcome: "conflict", uuid, conflicts: [...error.conflicts], lists: [...error.lists] };
  const { code, text, retry, issues } = error;
  return {
    outcome: "refused",
    uuid,
    error: { code, text, retry, issues: issues === undefined ? undefined : [...issues] },
  };
}

export function unclaimed() {
  const text =
    "There are rules of Sluice in this kernel that the agent's own state does not account for: seed it from the database, or remove the rules, first.";
  return fail("conflict", text);
}

export function staleEpoch(epoch: number) {
  return fail("conflict", `The agent is at epoch ${epoch} already; a new state needs a later one.`);
}
