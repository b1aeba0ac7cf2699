/** People and their roles: what administrators may do with them. The last administrator can be neither removed nor given another role. */
import * as z from "zod/mini";
import type { Actor } from "../auth/actor.ts";
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
import { permit } from "./permit.ts";

type Refused = Exclude<PeopleOutcome, { status: "ok" }>;
type Runtime = () => Promise<Result<AuthRuntime>>;

const idSchema = z.string().check(z.minLength(1), z.maxLength(64));

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
    const set = await database.people.setRole(personId, role);
    return set.ok ? ok(`A role was set to ${role}`) : set;
  });
}

/** An administrator may set anyone's password, everybody their own. */
export function setPassword(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const schema = z.strictObject({ personId: idSchema, password: passwordSchema });
  const isOwn = isRecord(input) && input.personId === actor.id;
  return change(isOwn ? { ...actor, role: "admin" } : actor, schema, input, runtime, async (fields, { auth }) => {
    const set = await changePassword(auth, fields.personId, fields.password);
    return set.ok ? ok("A password was set") : set;
  });
}

export function removePerson(actor: Actor, input: unknown, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const schema = z.strictObject({ personId: idSchema });
  return change(actor, schema, input, runtime, async ({ personId }, { database }) => {
    if (personId === actor.id) return fail("not-allowed", "You cannot remove yourself");
    const removed = await database.people.remove(personId);
    return removed.ok ? ok("A person was removed") : removed;
  });
}

/** Permission, parse, work, and a line in the events. */
async function change<T>(
  actor: Actor,
  schema: z.ZodMiniType<T>,
  input: unknown,
  runtime: Runtime,
  work: (fields: T, auth: AuthRuntime) => Promise<Result<string>>,
): Promise<PeopleOutcome> {
  const permitted = permit(actor, "change-people");
  if (!permitted.ok) return refused(permitted.error);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
    return refused(invalid(issues).error);
  }
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  const done = await work(parsed.data, auth.value);
  if (!done.ok) return refused(done.error);
  await auth.value.database.events.append([peopleEvent(done.value, actor.name, auth.value.nowMs())]);
  return { status: "ok" };
}

function peopleEvent(text: string, by: string, at: number) {
  return { bootId: null, seq: null, at, kind: "people", farmId: null, backendId: null, text, by } as const;
}

export function refused(failure: Failure): Refused {
  const issues = failure.issues ?? [];
  if (failure.code !== "invalid" || issues.length === 0)
    return { status: "refused", code: failure.code, text: failure.text };
  const fields: Record<string, string> = {};
  for (const { path, message } of issues) fields[path] ??= message;
  return { status: "field-errors", fieldErrors: fields };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
