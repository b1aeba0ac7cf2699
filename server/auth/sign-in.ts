/** A try to sign in: counted, checked, answered in the same words whether the name exists or not. */
import { fail, ok, type Result } from "../core/result.ts";
import type { Auth } from "./auth.ts";
import type { Lockout } from "./lockout.ts";

export type SignInDeps = { readonly auth: Auth; readonly lockout: Lockout; readonly nowMs: () => number };
export type Credentials = { readonly username: string; readonly password: string };

/** Within a request of Next the cookie is set by better-auth; the headers are answered for everybody else. */
export async function signIn(
  credentials: Credentials,
  from: string,
  headers: Headers,
  { auth, lockout, nowMs }: SignInDeps,
): Promise<Result<Headers>> {
  const username = credentials.username.trim().toLowerCase();
  const may = await lockout.begin(username, from, nowMs());
  if (!may.ok) return may;
  try {
    const body = { username, password: credentials.password };
    const answer = await auth.api.signInUsername({ body, headers, returnHeaders: true });
    const cleared = await lockout.succeed(username, from, nowMs());
    return cleared.ok ? ok(answer.headers) : cleared;
  } catch (error) {
    if (!isRefusal(error)) return fail("storage", "Signing in does not work right now", { detail: String(error) });
    return fail("not-allowed", "Username or password is wrong");
  }
}

/** better-auth throws for a wrong password as for a malformed name; anything above is a fault. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}
