import type { Actor } from "../auth/actor.ts";
import type { FarmView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

/** "not-found" when there is no such farm, or the id is none. */
export async function readFarm(_actor: Actor, _farmId: string): Promise<Result<FarmView>> {
  return fail("unsupported", "Not built yet");
}
