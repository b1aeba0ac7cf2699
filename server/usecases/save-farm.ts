import type { Actor } from "../auth/actor.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { changeFarm } from "./change-farm.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Creates (base null) or replaces a farm from a form or a document; fields without value get their defaults. */
export function saveFarm(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  return changeFarm(actor, "save-farm", "put-farm", input, deps);
}
