"use server";
/** The token of `/metrics`; administrators only. */
import { requireActionActor } from "@/app/session.ts";
import type { Failure } from "@/server/core/result.ts";
import { newMetricsToken } from "@/server/usecases/metrics-token.ts";

type Made =
  | { readonly status: "ok"; readonly token: string }
  | { readonly status: "refused"; readonly code: string; readonly text: string };

export async function newMetricsTokenAction(): Promise<Made> {
  const actor = await requireActionActor();
  if (!actor.ok) return refused(actor.error);
  const made = newMetricsToken(actor.value);
  return made.ok ? { status: "ok", token: made.value } : refused(made.error);
}

function refused({ code, text }: Failure): Made {
  return { status: "refused", code, text };
}
