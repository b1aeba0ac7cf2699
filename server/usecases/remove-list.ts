import type { Actor } from "../auth/actor.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { changeFarm } from "./change-farm.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Refused while a farm refers to it. */
export function removeList(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  return changeFarm(actor, "remove-farm", "remove-list", input, deps);
}
