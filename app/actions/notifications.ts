"use server";
/** Who is told of events; administrators only. */
import { requireActionActor } from "@/app/session.ts";
import type { PeopleOutcome } from "@/server/core/change/views.ts";
import type { TargetInput } from "@/server/core/notify/target.ts";
import { removeTarget, saveTarget, testTarget } from "@/server/usecases/notifications.ts";
import { refused } from "@/server/usecases/people.ts";

type Tested =
  | { readonly status: "ok"; readonly isTaken: boolean; readonly text: string; readonly tookMs: number }
  | { readonly status: "refused"; readonly code: string; readonly text: string };

export async function saveTargetAction(input: TargetInput): Promise<PeopleOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? saveTarget(actor.value, input) : refused(actor.error);
}

export async function removeTargetAction(id: string): Promise<PeopleOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? removeTarget(actor.value, id) : refused(actor.error);
}

/** Sends one message; `text` is what was answered. */
export async function testTargetAction(id: string): Promise<Tested> {
  const actor = await requireActionActor();
  const tested = actor.ok ? await testTarget(actor.value, id) : actor;
  if (tested.ok) return { status: "ok", ...tested.value };
  const { code, text } = tested.error;
  return { status: "refused", code, text };
}
