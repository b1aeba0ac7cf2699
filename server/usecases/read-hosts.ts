import type { Actor } from "../auth/actor.ts";
import type { HostView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

export async function readHosts(_actor: Actor): Promise<Result<readonly HostView[]>> {
  return fail("unsupported", "Not built yet");
}
