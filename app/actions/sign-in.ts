"use server";
/** First administrator, signing in and out. */
import { caller, requireOwnOrigin } from "@/app/session.ts";
import type { PeopleOutcome } from "@/server/core/change/views.ts";
import { enter, enterFirst, leave } from "@/server/usecases/enter.ts";
import { type Caller, refused } from "@/server/usecases/people.ts";

/** Creates the administrator with the one-time token and signs in. Field names: token, name, username, password. */
export async function setupAction(input: {
  token: string;
  name: string;
  username: string;
  password: string;
}): Promise<PeopleOutcome> {
  return fromOwnPage((who) => enterFirst(input, who));
}

/** On ok the cookie is set: navigate to `/`. */
export async function signInAction(input: { username: string; password: string }): Promise<PeopleOutcome> {
  return fromOwnPage((who) => enter(input, who));
}

export async function signOutAction(): Promise<PeopleOutcome> {
  return fromOwnPage((who) => leave(who.headers));
}

async function fromOwnPage(work: (who: Caller) => Promise<PeopleOutcome>): Promise<PeopleOutcome> {
  const own = await requireOwnOrigin();
  return own.ok ? work(await caller()) : refused(own.error);
}
