import type { Actor } from "../auth/actor.ts";
import type { FarmView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

export async function readFarms(_actor: Actor): Promise<Result<readonly FarmView[]>> {
  return fail("unsupported", "Not built yet");
}
