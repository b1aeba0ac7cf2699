/** Getting in: the first administrator by the one-time link, everybody by username and password. */
import * as z from "zod/mini";
import { usernamePattern } from "../auth/auth.ts";
import { type AuthRuntime, authRuntime } from "../auth/runtime.ts";
import { setUp, needsSetup as tokenIsWanted } from "../auth/setup.ts";
import { signIn } from "../auth/sign-in.ts";
import type { PeopleOutcome } from "../core/change/views.ts";
import type { Result } from "../core/result.ts";
import { ownEvent } from "./own-event.ts";
import { type Caller, refused } from "./people.ts";

type Runtime = () => Promise<Result<AuthRuntime>>;

const credentialsSchema = z.strictObject({
  username: z.string().check(z.maxLength(256)),
  password: z.string().check(z.maxLength(256)),
});

export async function enter(input: unknown, caller: Caller, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const parsed = credentialsSchema.safeParse(input);
  if (!parsed.success) return { status: "refused", code: "invalid", text: "Username or password is wrong" };
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  const signedIn = await signIn(parsed.data, caller.from, caller.headers, auth.value);
  await note(parsed.data.username, caller.from, signedIn, auth.value);
  return signedIn.ok ? { status: "ok" } : refused(signedIn.error);
}

/** Who came in, and where guessing was stopped: a line for each lock, not for each guess, so that guessing never floods the log. */
async function note(
  typed: string,
  from: string,
  signedIn: Result<unknown>,
  { lockout, database, nowMs }: AuthRuntime,
): Promise<void> {
  const username = typed.trim().toLowerCase();
  // what else was typed may be a password in the wrong field
  const name = usernamePattern.test(username) ? username : "a name that cannot be one";
  const place = from.replace(/[^0-9a-fA-F:.]/g, "").slice(0, 45) || "somewhere";
  if (signedIn.ok) await append(`${name} signed in from ${place}`, name);
  else if (signedIn.error.code === "not-allowed" && (await lockout.lockedUntil(username, nowMs())) !== null)
    await append(`Too many wrong passwords for ${name}; the last came from ${place}`, "somebody");

  async function append(text: string, by: string): Promise<void> {
    await database.events.append([ownEvent("sign-in", text, nowMs(), by)]);
  }
}

/** Creates the administrator and signs in. */
export async function enterFirst(
  input: unknown,
  caller: Caller,
  runtime: Runtime = authRuntime,
): Promise<PeopleOutcome> {
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  const made = await setUp(input, { ...auth.value, people: auth.value.database.people });
  if (!made.ok) return refused(made.error);
  const parsed = z.object({ username: z.string(), password: z.string() }).safeParse(input);
  return parsed.success ? enter(parsed.data, caller, runtime) : { status: "ok" };
}

export async function leave(headers: Headers, runtime: Runtime = authRuntime): Promise<PeopleOutcome> {
  const auth = await runtime();
  if (!auth.ok) return refused(auth.error);
  try {
    await auth.value.auth.api.signOut({ headers });
  } catch {
    // nobody was signed in: that is what was asked for
  }
  return { status: "ok" };
}

/** True while there is no administrator; then the one-time token's file is there. */
export async function needsSetup(runtime: Runtime = authRuntime): Promise<Result<boolean>> {
  const auth = await runtime();
  return auth.ok ? tokenIsWanted({ ...auth.value, people: auth.value.database.people }) : auth;
}
