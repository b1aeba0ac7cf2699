"use server";
/** People and their roles; administrators only, except one's own password. */
import { requireActionActor } from "@/app/session.ts";
import type { Actor } from "@/server/auth/actor.ts";
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";
import { createPerson, refused, removePerson, setPassword, setRole } from "@/server/usecases/people.ts";

/** Field names: name, username, password, role. */
export async function createPersonAction(input: {
  name: string;
  username: string;
  password: string;
  role: Role;
}): Promise<PeopleOutcome> {
  return withActor(createPerson, input);
}

export async function setRoleAction(input: { personId: string; role: Role }): Promise<PeopleOutcome> {
  return withActor(setRole, input);
}

/** Ends every session of that person. An administrator may set anyone's password, everybody their own. */
export async function setPasswordAction(input: { personId: string; password: string }): Promise<PeopleOutcome> {
  return withActor(setPassword, input);
}

export async function removePersonAction(input: { personId: string }): Promise<PeopleOutcome> {
  return withActor(removePerson, input);
}

async function withActor(
  verb: (actor: Actor, input: unknown) => Promise<PeopleOutcome>,
  input: unknown,
): Promise<PeopleOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? verb(actor.value, input) : refused(actor.error);
}
