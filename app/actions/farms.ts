"use server";
/** Changes of farms and named lists: session, permission, parse, use case, typed outcome; each is one revision. */
import { requireActionActor } from "@/app/session.ts";
import type { Actor } from "@/server/auth/actor.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { AdminState } from "@/server/core/farm/types.ts";
import { cutBackend } from "@/server/usecases/cut-backend.ts";
import { fromFailure } from "@/server/usecases/outcome.ts";
import { type PreviewOutcome, previewChange } from "@/server/usecases/preview-change.ts";
import { removeFarm } from "@/server/usecases/remove-farm.ts";
import { removeList } from "@/server/usecases/remove-list.ts";
import { previewRestore, type RestorePreview, restoreFarm } from "@/server/usecases/restore-farm.ts";
import { saveFarm } from "@/server/usecases/save-farm.ts";
import { saveList } from "@/server/usecases/save-list.ts";
import { setAdminState } from "@/server/usecases/set-admin-state.ts";
import { setEnabled } from "@/server/usecases/set-enabled.ts";
import { setWeights } from "@/server/usecases/set-weights.ts";
import { undoRevision } from "@/server/usecases/undo-revision.ts";

/** Creates (base null) or replaces a farm. Field errors have paths of the farm document. */
export async function saveFarmAction(input: { farm: unknown; base: number | null }): Promise<ChangeOutcome> {
  return withActor(saveFarm, input);
}

export async function removeFarmAction(input: { farmId: string; base: number }): Promise<ChangeOutcome> {
  return withActor(removeFarm, input);
}

/** Creates (base null) or replaces a named list; every farm that refers to it follows. Field errors have paths of the list. */
export async function saveListAction(input: { list: unknown; base: number | null }): Promise<ChangeOutcome> {
  return withActor(saveList, input);
}

/** Refused while a farm refers to it. */
export async function removeListAction(input: { listId: string; base: number }): Promise<ChangeOutcome> {
  return withActor(removeList, input);
}

export async function setEnabledAction(input: {
  farmId: string;
  base: number;
  enabled: boolean;
}): Promise<ChangeOutcome> {
  return withActor(setEnabled, input);
}

export async function setWeightsAction(input: {
  farmId: string;
  base: number;
  weights: Readonly<Record<string, number>>;
}): Promise<ChangeOutcome> {
  return withActor(setWeights, input);
}

export async function setAdminStateAction(input: {
  farmId: string;
  base: number;
  states: Readonly<Record<string, AdminState>>;
}): Promise<ChangeOutcome> {
  return withActor(setAdminState, input);
}

export async function cutBackendAction(input: {
  farmId: string;
  base: number;
  backendId: string;
}): Promise<ChangeOutcome> {
  return withActor(cutBackend, input);
}

/** A new revision that puts back what that revision changed. */
export async function undoRevisionAction(input: { epoch: number; n: number }): Promise<ChangeOutcome> {
  return withActor(undoRevision, input);
}

/** A new revision that puts the farm back as it was just after that one; `base` is the version the preview named. */
export async function restoreFarmAction(input: {
  epoch: number;
  n: number;
  farmId: string;
  base: number | null;
}): Promise<ChangeOutcome> {
  return withActor(restoreFarm, input);
}

export async function previewRestoreAction(input: {
  epoch: number;
  n: number;
  farmId: string;
}): Promise<RestorePreview> {
  const actor = await requireActionActor();
  return actor.ok ? previewRestore(actor.value, input) : fromFailure(actor.error);
}

export async function previewAction(input: { operations: unknown }): Promise<PreviewOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? previewChange(actor.value, input?.operations) : fromFailure(actor.error);
}

async function withActor(
  verb: (actor: Actor, input: unknown) => Promise<ChangeOutcome>,
  input: unknown,
): Promise<ChangeOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? verb(actor.value, input) : fromFailure(actor.error);
}
