"use server";
/** The token of `/metrics`; administrators only. */
import { requireActionActor } from "@/app/session.ts";
import { newMetricsToken } from "@/server/usecases/metrics-token.ts";

type Made = { readonly status: "ok"; readonly token: string } | { readonly status: "refused"; readonly text: string };

export async function newMetricsTokenAction(): Promise<Made> {
  const actor = await requireActionActor();
  if (!actor.ok) return { status: "refused", text: actor.error.text };
  const made = newMetricsToken(actor.value);
  return made.ok ? { status: "ok", token: made.value } : { status: "refused", text: made.error.text };
}
