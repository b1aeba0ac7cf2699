"use server";
/** First administrator, signing in and out. */
import type { PeopleOutcome } from "@/server/core/change/views.ts";

/** Creates the administrator with the one-time token and signs in. Field names: token, name, username, password. */
export async function setupAction(_input: {
  token: string;
  name: string;
  username: string;
  password: string;
}): Promise<PeopleOutcome> {
  return notBuilt;
}

/** On ok the cookie is set: navigate to `/`. */
export async function signInAction(_input: { username: string; password: string }): Promise<PeopleOutcome> {
  return notBuilt;
}

export async function signOutAction(): Promise<PeopleOutcome> {
  return notBuilt;
}

const notBuilt: PeopleOutcome = { status: "refused", code: "unsupported", text: "Not built yet" };
