"use server";
/** People and their roles; administrators only. The last administrator can be neither removed nor given another role. */
import type { PeopleOutcome, PersonView, Role } from "@/server/core/change/views.ts";

export async function listPeopleAction(): Promise<
  { status: "ok"; people: readonly PersonView[] } | Exclude<PeopleOutcome, { status: "ok" }>
> {
  return notBuilt;
}

/** Field names: name, username, password, role. */
export async function createPersonAction(_input: {
  name: string;
  username: string;
  password: string;
  role: Role;
}): Promise<PeopleOutcome> {
  return notBuilt;
}

export async function setRoleAction(_input: { personId: string; role: Role }): Promise<PeopleOutcome> {
  return notBuilt;
}

/** Ends every session of that person. An administrator may set anyone's password, everybody their own. */
export async function setPasswordAction(_input: { personId: string; password: string }): Promise<PeopleOutcome> {
  return notBuilt;
}

export async function removePersonAction(_input: { personId: string }): Promise<PeopleOutcome> {
  return notBuilt;
}

const notBuilt = { status: "refused", code: "unsupported", text: "Not built yet" } as const;
