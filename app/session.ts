/**
 * The signed-in person of this request. Asked by every page, action and route, each time: never only in middleware. Pages redirect;
 * actions and routes get a value and answer with it.
 */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/server/auth/actor.ts";
import { checkOrigin } from "@/server/auth/origin.ts";
import { authRuntime } from "@/server/auth/runtime.ts";
import { actorOf } from "@/server/auth/session.ts";
import { fail, type Result } from "@/server/core/result.ts";
import { peerHeader } from "@/server/platform/incoming-requests.ts";
import { webEnv } from "@/server/platform/web-env.ts";
import { needsSetup } from "@/server/usecases/enter.ts";

/** For pages: nobody signed in leads to /sign-in, or to /setup while there is no administrator. */
export async function requirePageActor(): Promise<Actor> {
  const found = await whoIsIt();
  if (!found.ok) redirect("/unavailable");
  if (found.value !== null) return found.value;
  const setup = await needsSetup();
  redirect(setup.ok && setup.value ? "/setup" : "/sign-in");
}

/** The person of this request, or null. */
export async function currentActor(): Promise<Actor | null> {
  const found = await whoIsIt();
  return found.ok ? found.value : null;
}

/** For route handlers that read. */
export async function requireActor(): Promise<Result<Actor>> {
  const found = await whoIsIt();
  if (!found.ok) return found;
  return found.value === null ? fail("not-allowed", "Sign in first") : { ok: true, value: found.value };
}

/** For everything that changes something: the request must also come from our own pages. */
export async function requireActionActor(): Promise<Result<Actor>> {
  const own = await requireOwnOrigin();
  return own.ok ? requireActor() : own;
}

export async function requireOwnOrigin(): Promise<Result<null>> {
  const received = await headers();
  let checked: Result<null> = fail("not-allowed", "No origin is configured");
  for (const origin of webEnv().origins) {
    checked = checkOrigin(received, origin);
    if (checked.ok) return checked;
  }
  return checked;
}

/** Where this request came from, for the counting of wrong passwords. */
export async function caller(): Promise<{ from: string; headers: Headers }> {
  const received = new Headers(await headers());
  return { from: received.get(peerHeader) ?? "unknown", headers: received };
}

/** once a request, however many layouts and loaders ask */
const whoIsIt = cache(async (): Promise<Result<Actor | null>> => {
  const auth = await authRuntime();
  return auth.ok ? actorOf(auth.value, new Headers(await headers()), auth.value.nowMs()) : auth;
});
