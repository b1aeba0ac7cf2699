"use server";
/** Changes of farms: each is session, permission, parse, use case, typed outcome; each is one revision. */
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { ChangePreview } from "@/server/core/change/preview.ts";
import type { AdminState } from "@/server/core/farm/types.ts";

/** Creates (base null) or replaces a farm. Field errors have paths of the farm document. */
export async function saveFarmAction(_input: { farm: unknown; base: number | null }): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function removeFarmAction(_input: { farmId: string; base: number }): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function setEnabledAction(_input: {
  farmId: string;
  base: number;
  enabled: boolean;
}): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function setWeightsAction(_input: {
  farmId: string;
  base: number;
  weights: Readonly<Record<string, number>>;
}): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function setAdminStateAction(_input: {
  farmId: string;
  base: number;
  states: Readonly<Record<string, AdminState>>;
}): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function cutBackendAction(_input: {
  farmId: string;
  base: number;
  backendId: string;
}): Promise<ChangeOutcome> {
  return notBuilt;
}

/** A new revision that puts back what that revision changed. */
export async function undoRevisionAction(_input: { epoch: number; n: number }): Promise<ChangeOutcome> {
  return notBuilt;
}

export async function previewAction(_input: {
  operations: unknown;
}): Promise<{ status: "ok"; preview: ChangePreview } | Exclude<ChangeOutcome, { status: "ok" }>> {
  return notBuilt;
}

const notBuilt = { status: "refused", code: "unsupported", text: "Not built yet", retry: false } as const;
