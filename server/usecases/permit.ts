/** The first thing each use case asks: may this person do that? */
import type { Actor } from "../auth/actor.ts";
import { can, type Verb } from "../auth/can.ts";
import { fail, ok, type Result } from "../core/result.ts";

export function permit(actor: Actor, verb: Verb): Result<null> {
  if (can(actor.role, verb)) return ok(null);
  return fail("not-allowed", `Your role (${roleWord[actor.role]}) does not allow this; nothing was changed`, {
    detail: `${actor.id} ${verb}`,
  });
}

const roleWord = { viewer: "viewer", operator: "operator", admin: "administrator" } as const;

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
