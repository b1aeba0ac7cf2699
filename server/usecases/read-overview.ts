import type { Actor } from "../auth/actor.ts";
import type { OverviewView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

export async function readOverview(_actor: Actor): Promise<Result<OverviewView>> {
  return fail("unsupported", "Not built yet");
}
