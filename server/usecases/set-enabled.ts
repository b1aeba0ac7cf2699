import type { Actor } from "../auth/actor.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { changeFarm } from "./change-farm.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Stop or start answering at the VIPs; open connections stay. */
export function setEnabled(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  return changeFarm(actor, "set-enabled", "set-enabled", input, deps);
}
