/** The person behind a request's cookie. Read anew each time: who was removed or given another role loses it at once. */
import { fail, ok, type Result } from "../core/result.ts";
import type { Actor } from "./actor.ts";
import type { Auth } from "./auth.ts";
import { roleSchema } from "./people.ts";

/** null = nobody is signed in. */
export async function actorOf(auth: Auth, headers: Headers): Promise<Result<Actor | null>> {
  try {
    const session = await auth.api.getSession({ headers });
    if (session === null) return ok(null);
    const role = roleSchema.safeParse(session.user.role);
    // a role this version does not know may do nothing
    return role.success ? ok({ id: session.user.id, name: session.user.name, role: role.data }) : ok(null);
  } catch (error) {
    return fail("storage", "The database does not answer; nobody can be recognised", { detail: String(error) });
  }
}
