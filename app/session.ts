/** The signed-in person of this request. Pages redirect; actions and routes get a value and answer with it. */
import { redirect } from "next/navigation";
import type { Actor } from "@/server/auth/actor.ts";

/** For pages: nobody signed in leads to /sign-in, or to /setup while there is no administrator. */
export async function requirePageActor(): Promise<Actor> {
  const actor = await currentActor();
  if (actor === null) redirect("/sign-in");
  return actor;
}

/** The person of this request, or null. */
export async function currentActor(): Promise<Actor | null> {
  return null;
}
