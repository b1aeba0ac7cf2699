import type { Actor } from "../auth/actor.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { changeFarm } from "./change-farm.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Creates (base null) or replaces a named list: one revision, whoever refers to it. Who may change farms may change lists. */
export function saveList(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  return changeFarm(actor, "save-farm", "put-list", input, deps);
}
