/** The person behind a request's cookie. Read anew each time: who was removed or given another role loses it at once. */
import * as z from "zod/mini";
import { fail, ok, type Result } from "../core/result.ts";
import type { Actor } from "./actor.ts";
import type { Auth } from "./auth.ts";
import { roleSchema } from "./people.ts";
import { sessionToken } from "./session-cookie.ts";

/** A role this version does not know may do nothing. */
const userSchema = z.object({ id: z.string(), name: z.string(), role: roleSchema });

/** null = nobody is signed in. */
export async function actorOf(auth: Auth, headers: Headers, nowMs: number): Promise<Result<Actor | null>> {
  try {
    const { authCookies, secret, internalAdapter } = await auth.$context;
    const token = sessionToken(headers.get("cookie") ?? "", authCookies.sessionToken.name, secret);
    const found = token === null ? null : await internalAdapter.findSession(token);
    if (found === null || found.session.expiresAt.getTime() <= nowMs) return ok(null);
    const user = userSchema.safeParse(found.user);
    return ok(user.success ? user.data : null);
  } catch (error) {
    return fail("storage", "The database does not answer; nobody can be recognised", { detail: String(error) });
  }
}
