import type { Actor } from "../auth/actor.ts";
import type { EventView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

/** Newest first, at most 100. */
export async function readEvents(
  _actor: Actor,
  _query: { farmId?: string; beforeAt?: number } = {},
): Promise<Result<readonly EventView[]>> {
  return fail("unsupported", "Not built yet");
}
