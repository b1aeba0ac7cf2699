import type { Actor } from "../auth/actor.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { changeFarm } from "./change-farm.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Weights of some backends of one farm; the others keep theirs. */
export function setWeights(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<ChangeOutcome> {
  return changeFarm(actor, "set-weights", "set-weights", input, deps);
}
