/** Undo is a new revision that puts back what one revision changed, as long as nothing touched its farms and lists since. */
import * as z from "zod/mini";
import type { Actor } from "../auth/actor.ts";
import { listIdsOf } from "../core/change/apply-operation.ts";
import type { Operation } from "../core/change/operation.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { undoListOperations, undoOperations } from "../core/change/undo.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Database, StoredRevision } from "../db/repositories.ts";
import { applyChange } from "./apply-change.ts";
import type { Deps } from "./deps.ts";
import { fromFailure } from "./outcome.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";
import { farmVersion, isListUntouchedSince, isUntouchedSince, listVersion } from "./untouched.ts";

const inputSchema = z.strictObject({ epoch: z.int().check(z.gte(1)), n: z.int().check(z.gte(1)) });

export async function undoRevision(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  const permitted = permit(actor, "undo-revision");
  if (!permitted.ok) return fromFailure(permitted.error);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return fromFailure({ code: "invalid", text: "Not the number of a revision", retry: false });
  const opened = await deps.database();
  if (!opened.ok) return fromFailure(opened.error);
  const operations = await operationsBack(parsed.data, opened.value);
  if (!operations.ok) return fromFailure(operations.error);
  return applyChange(actor, { operations: operations.value, text: `Undo revision ${parsed.data.n}` }, deps);
}

async function operationsBack(at: { epoch: number; n: number }, database: Database): Promise<Result<Operation[]>> {
  const revision = await database.revisions.get(at.epoch, at.n);
  if (!revision.ok) return revision;
  const operations: Operation[] = [];
  for (const farmId of revision.value.farmIds) {
    const back = await farmBack(farmId, revision.value, database);
    if (!back.ok) return back;
    operations.push(...back.value);
  }
  for (const listId of listIdsOf(revision.value.operations)) {
    const back = await listBack(listId, revision.value, database);
    if (!back.ok) return back;
    operations.push(...back.value);
  }
  if (operations.length === 0)
    return fail("invalid", `Revision ${at.n} changed no farm and no list; there is nothing to put back`);
  return ok(operations);
}

async function farmBack(farmId: string, revision: StoredRevision, database: Database): Promise<Result<Operation[]>> {
  const untouched = await isUntouchedSince(revision, farmId, database);
  if (!untouched.ok) return untouched;
  if (!untouched.value)
    return fail("conflict", `A farm of revision ${revision.n} changed since; restore it from its history instead`);
  const around = await database.revisions.farmAround(revision.epoch, revision.n, farmId);
  if (!around.ok) return around;
  const version = await farmVersion(farmId, database);
  if (!version.ok) return version;
  return ok(undoOperations(around.value.before, around.value.after, version.value));
}

async function listBack(listId: string, revision: StoredRevision, database: Database): Promise<Result<Operation[]>> {
  const untouched = await isListUntouchedSince(revision, listId, database);
  if (!untouched.ok) return untouched;
  if (!untouched.value) return fail("conflict", `A list of revision ${revision.n} changed since; edit it instead`);
  const around = await database.revisions.listAround(revision.epoch, revision.n, listId);
  if (!around.ok) return around;
  const version = await listVersion(listId, database);
  if (!version.ok) return version;
  return ok(undoListOperations(around.value.before, around.value.after, version.value));
}
