/**
 * Restore is a new revision that puts one farm back as it was just after an earlier one, whatever came since; a farm that was removed
 * is created again. `base` is the version the person saw: a farm that changed meanwhile is a conflict.
 */
import * as z from "zod/mini";
import type { Actor } from "../auth/actor.ts";
import type { Operation } from "../core/change/operation.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import type { ChangePreview } from "../core/change/preview.ts";
import { undoOperations } from "../core/change/undo.ts";
import type { FarmView } from "../core/change/views.ts";
import type { Farm } from "../core/farm/types.ts";
import { type Failure, fail, ok, type Result } from "../core/result.ts";
import type { Database, FarmPlace } from "../db/repositories.ts";
import { applyChange } from "./apply-change.ts";
import type { Deps } from "./deps.ts";
import { fromFailure, type NotOk } from "./outcome.ts";
import { permit } from "./permit.ts";
import { previewChange } from "./preview-change.ts";
import { runtime } from "./runtime.ts";

const place = { epoch: z.int().check(z.gte(1)), n: z.int().check(z.gte(0)), farmId: z.uuid() };
const placeSchema = z.strictObject(place);
const inputSchema = z.strictObject({ ...place, base: z.nullable(z.int().check(z.gte(0))) });

export async function restoreFarm(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  const permitted = permit(actor, "restore-farm");
  if (!permitted.ok) return fromFailure(permitted.error);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return noSuchPlace();
  const { base, ...at } = parsed.data;
  const opened = await deps.database();
  if (!opened.ok) return fromFailure(opened.error);
  const way = await wayBack(at, opened.value);
  if (!way.ok) return fromFailure(way.error);
  const operations = operationsTo(way.value, base);
  if (operations.length === 0) return fromFailure(alreadyThere(at.n));
  const text = `Restore farm ${way.value.then.name} as after revision ${at.n}`;
  return applyChange(actor, { operations, text }, deps);
}

/**
 * `base`: the version the sentences are about, to be sent with the restore. Both farms, because the page knows their backends' health
 * and asks for the name before the last one stops serving; `now` null: it was removed.
 */
export type RestorePreview = ({ readonly status: "ok"; readonly preview: ChangePreview } & RestoreSides) | NotOk;

type RestoreSides = { readonly base: number | null; readonly now: Farm | null; readonly restored: Farm };

/** What the restore would do; nothing is changed. */
export async function previewRestore(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<RestorePreview> {
  const permitted = permit(actor, "preview-change");
  if (!permitted.ok) return fromFailure(permitted.error);
  const parsed = placeSchema.safeParse(input);
  if (!parsed.success) return noSuchPlace();
  const opened = await deps.database();
  if (!opened.ok) return fromFailure(opened.error);
  const way = await wayBack(parsed.data, opened.value);
  if (!way.ok) return fromFailure(way.error);
  const { now, then } = way.value;
  const base = now?.version ?? null;
  const operations = operationsTo(way.value, base);
  if (operations.length === 0) return fromFailure(alreadyThere(parsed.data.n));
  const outcome = await previewChange(actor, operations, deps);
  return outcome.status === "ok" ? { ...outcome, base, now: now?.farm ?? null, restored: then } : outcome;
}

type WayBack = { readonly then: Farm; readonly now: FarmView | null };

async function wayBack(at: FarmPlace, database: Database): Promise<Result<WayBack>> {
  const revision = await database.revisions.get(at.epoch, at.n);
  if (!revision.ok) return revision;
  const after = await database.revisions.farmsAfter([at]);
  if (!after.ok) return after;
  const [then] = after.value;
  if (then === undefined) return fail("not-found", `The history does not reach back to revision ${at.n}`);
  if (then === null)
    return fail("invalid", `After revision ${at.n} there was no such farm; there is nothing to put back`);
  const now = await database.farms.get(at.farmId);
  if (now.ok) return ok({ then, now: now.value });
  return now.error.code === "not-found" ? ok({ then, now: null }) : now;
}

/** Of a farm that is gone the base counts too: whoever saw it there is told. */
function operationsTo({ then, now }: WayBack, base: number | null): Operation[] {
  return now === null ? [{ type: "put-farm", base, farm: then }] : undoOperations(then, now.farm, base);
}

function alreadyThere(n: number): Failure {
  return { code: "invalid", text: `The farm is as it was after revision ${n}; nothing was changed`, retry: false };
}

function noSuchPlace(): NotOk {
  return fromFailure({ code: "invalid", text: "Not a farm at a revision", retry: false });
}
