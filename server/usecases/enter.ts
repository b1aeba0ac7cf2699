/** Getting in: the first administrator by the one-time link, everybody by username and password. */
import * as z from "zod/mini";
import { type AuthRuntime, authRuntime } from "../auth/runtime.ts";
import { setUp, needsSetup as tokenIsWanted } from "../auth/setup.ts";
import { signIn } from "../auth/sign-in.ts";
import type { PeopleOutcome } from "../core/change/views.ts";
import type { Result } from "../core/result.ts";
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
  return signedIn.ok ? { status: "ok" } : refused(signedIn.error);
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
