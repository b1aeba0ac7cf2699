/** The person behind a request's cookie. Read anew each time: who was removed or given another role loses it at once. */
import * as z from "zod/mini";
import { fail, ok, type Result } from "../core/result.ts";
import type { SessionsRepository } from "../db/repositories.ts";
import type { Actor } from "./actor.ts";
import { type Auth, sessionS } from "./auth.ts";
import { roleSchema } from "./people.ts";
import { sessionToken } from "./session-cookie.ts";

/** A role this version does not know may do nothing. */
const actorSchema = z.object({ id: z.string(), name: z.string(), role: roleSchema });

export type SessionDeps = { readonly auth: Auth; readonly sessions: Pick<SessionsRepository, "find"> };

/** null = nobody is signed in. */
export async function actorOf(
  { auth, sessions }: SessionDeps,
  headers: Headers,
  nowMs: number,
): Promise<Result<Actor | null>> {
  const { authCookies, secret } = await auth.$context;
  const token = sessionToken(headers.get("cookie") ?? "", authCookies.sessionToken.name, secret);
  if (token === null) return ok(null);
  const found = await sessions.find(token);
  if (!found.ok)
    return fail("storage", "The database does not answer; nobody can be recognised", {
      detail: found.error.detail ?? found.error.text,
    });
  const row = found.value;
  if (row === null || !isRunning(row.expiresAt, nowMs)) return ok(null);
  const actor = actorSchema.safeParse({ id: row.userId, name: row.name, role: row.role });
  return ok(actor.success ? actor.data : null);
}

/** a clock that is set right by less than this signs nobody out */
const setBackMs = 24 * 3600_000;

/** One that ends later than any could was begun before the clock was set back: it does not live longer for that. */
function isRunning(expiresAt: number, nowMs: number): boolean {
  return expiresAt > nowMs && expiresAt - nowMs <= sessionS * 1000 + setBackMs;
}
