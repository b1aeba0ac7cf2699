"use server";
/** People and their roles; administrators only, except one's own password. */
import { caller, requireActionActor } from "@/app/session.ts";
import type { Actor } from "@/server/auth/actor.ts";
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";
import { createPerson, refused, removePerson, setOwnPassword, setPassword, setRole } from "@/server/usecases/people.ts";

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

/** Ends every session of that person. Of anybody but oneself. */
export async function setPasswordAction(input: { personId: string; password: string }): Promise<PeopleOutcome> {
  return withActor(setPassword, input);
}

/** Field names: current, password. Ends every session but this one. */
export async function setOwnPasswordAction(input: { current: string; password: string }): Promise<PeopleOutcome> {
  const actor = await requireActionActor();
  return actor.ok ? setOwnPassword(actor.value, input, await caller()) : refused(actor.error);
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
