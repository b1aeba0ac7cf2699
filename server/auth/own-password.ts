/** Changing one's own password: a session alone, left open or stolen, is not enough; the current password is asked for. */
import { fail, invalid, ok, type Result } from "../core/result.ts";
import type { Auth } from "./auth.ts";
import type { Lockout } from "./lockout.ts";

export type OwnPassword = { readonly current: string; readonly password: string };
type OwnPasswordDeps = { readonly auth: Auth; readonly lockout: Lockout; readonly nowMs: () => number };

/**
 * Every session of the person ends but the one that asks, which goes on under a new id: within a request of Next its cookie is
 * set by better-auth; the headers are answered for everybody else. A wrong current password counts like one at signing in.
 */
export async function changeOwnPassword(
  personId: string,
  { current, password }: OwnPassword,
  from: string,
  headers: Headers,
  { auth, lockout, nowMs }: OwnPasswordDeps,
): Promise<Result<Headers>> {
  try {
    const user: unknown = await (await auth.$context).internalAdapter.findUserById(personId);
    const username = usernameOf(user);
    const may = await lockout.begin(username, from, nowMs());
    if (!may.ok) return may;
    const body = { currentPassword: current, newPassword: password, revokeOtherSessions: true };
    const answer = await auth.api.changePassword({ body, headers, returnHeaders: true });
    const cleared = await lockout.succeed(username, from, nowMs());
    return cleared.ok ? ok(answer.headers) : cleared;
  } catch (error) {
    if (isWrongPassword(error)) return invalid([{ path: "current", message: "This is not your current password" }]);
    return fail("storage", "The password could not be saved", { detail: String(error) });
  }
}

function usernameOf(user: unknown): string {
  return typeof user === "object" && user !== null && "username" in user ? String(user.username) : "";
}

function isWrongPassword(error: unknown): boolean {
  if (!(error instanceof Error) || !("body" in error)) return false;
  const { body } = error;
  return typeof body === "object" && body !== null && "code" in body && body.code === "INVALID_PASSWORD";
}
