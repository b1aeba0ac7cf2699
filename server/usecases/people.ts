/** People and their roles: what administrators may do with them, and everybody with their own password. The last administrator can be neither removed nor given another role. */
import * as z from "zod/mini";
import type { Actor } from "../auth/actor.ts";
import { passwordLengthMax } from "../auth/auth.ts";
import { changeOwnPassword } from "../auth/own-password.ts";
import {
  changePassword,
  createPerson as makePerson,
  newPersonSchema,
  passwordSchema,
  roleSchema,
} from "../auth/people.ts";
import { type AuthRuntime, authRuntime } from "../auth/runtime.ts";
import type { PeopleOutcome, PersonView } from "../core/change/views.ts";
import { type Failure, fail, invalid, ok, type Result } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";
import { ownEvent } from "./own-event.ts";
import { permit } from "./permit.ts";

type Refused = Exclude<PeopleOutcome, { status: "ok" }>;
type Runtime = () => Promise<Result<AuthRuntime>>;

/** Where a request came from, and its headers. */
export type Caller = { readonly from: string; readonly headers: Headers };

const idSchema = z.string().check(z.minLength(1), z.maxLength(64));
const ownPasswordSchema = z.strictObject({
  current: z
    .string("Your current password is needed")
    .check(
      z.minLength(1, "Your current password is needed"),
      z.maxLength(passwordLengthMax, "This is not your current password"),
    ),
  password: passwordSchema,
});

export async function readPeople(
  actor: Actor,
  runtime: Runtime = authRuntime,
): Promise<{ readonly status: "ok"; readonly people: readonly PersonView[] } | Refused> {
  const permitted = permit(actor, "read-people");
  if (!permitted.ok) return refused(permitted.error);
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  const { database, lockout, nowMs } = auth.value;
  const people = await database.people.list();
  if (!people.ok) return refused(people.error);
  const views = people.value.map(async (person) => ({
    ...person,
    lockedUntil: await lockout.lockedUntil(person.username, nowMs()),
  }));
  return { status: "ok", people: await Promise.all(views) };
}

export function createPerson(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  return change(actor, newPersonSchema, input, runtime, async (person, auth) => {
    const created = await makePerson(auth.auth, person);
    return created.ok ? ok(`${person.username} was added as ${person.role}`) : created;
  });
}

export function setRole(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const schema = z.strictObject({ personId: idSchema, role: roleSchema });
  return change(actor, schema, input, runtime, async ({ personId, role }, { database }) => {
    const name = await usernameOf(database, personId);
    const set = await database.people.setRole(personId, role);
    return set.ok ? ok(`The role of ${name} was set to ${role}`) : set;
  });
}

/** An administrator may set anyone else's password without knowing it; their own as everybody does: see setOwnPassword. */
export function setPassword(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const schema = z.strictObject({ personId: idSchema, password: passwordSchema });
  return change(actor, schema, input, runtime, async (fields, { auth, database }) => {
    if (fields.personId === actor.id)
      return fail("not-allowed", "Change your own password in the account menu, with the current one");
    const set = await changePassword(auth, fields.personId, fields.password);
    return set.ok ? ok(`The password of ${await usernameOf(database, fields.personId)} was set`) : set;
  });
}

/** Everybody's own, whatever their role, for who knows the current one. Their other sessions end; the one that asks goes on. */
export function setOwnPassword(
  actor: Actor,
  input: unknown,
  caller: Caller,
  runtime: Runtime = authRuntime,
): Promise<PeopleOutcome> {
  return record(actor, ownPasswordSchema, input, runtime, async (fields, auth) => {
    const set = await changeOwnPassword(actor.id, fields, caller.from, caller.headers, auth);
    return set.ok ? ok("A person changed their own password") : set;
  });
}

export function removePerson(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const schema = z.strictObject({ personId: idSchema });
  return change(actor, schema, input, runtime, async ({ personId }, { database }) => {
    if (personId === actor.id) return fail("not-allowed", "You cannot remove yourself");
    const name = await usernameOf(database, personId);
    const removed = await database.people.remove(personId);
    return removed.ok ? ok(`${name} was removed`) : removed;
  });
}

/** For who may change people. */
async function change<T>(
  actor: Actor,
  schema: z.ZodMiniType<T>,
  input: unknown,
  runtime: Runtime,
  work: (fields: T, auth: AuthRuntime) => Promise<Result<string>>,
): Promise<PeopleOutcome> {
  const permitted = permit(actor, "change-people");
  return permitted.ok ? record(actor, schema, input, runtime, work) : refused(permitted.error);
}

/** Parse, work, and a line in the events. */
async function record<T>(
  actor: Actor,
  schema: z.ZodMiniType<T>,
  input: unknown,
  runtime: Runtime,
  work: (fields: T, auth: AuthRuntime) => Promise<Result<string>>,
): Promise<PeopleOutcome> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
    return refused(invalid(issues).error);
  }
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  const done = await work(parsed.data, auth.value);
  if (!done.ok) return refused(done.error);
  await auth.value.database.events.append([ownEvent("people", done.value, auth.value.nowMs(), actor.name)]);
  return { status: "ok" };
}

/** For the log: whom it was about stays readable when they are gone. */
async function usernameOf(database: Database, personId: string): Promise<string> {
  const people = await database.people.list();
  const found = people.ok ? people.value.find(({ id }) => id === personId) : undefined;
  return found?.username ?? "somebody";
}

export function refused(failure: Failure): Refused {
  const issues = failure.issues ?? [];
  if (failure.code !== "invalid" || issues.length === 0)
    return { status: "refused", code: failure.code, text: failure.text };
  const fields: Record<string, string> = {};
  for (const { path, message } of issues) fields[path] ??= message;
  return { status: "field-errors", fieldErrors: fields };
}
