import type { Actor } from "../auth/actor.ts";
import { fail, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

export type RulesetView = { readonly farmId: string; readonly at: number; readonly text: string };

/** The farm's running rules with their counters, listed from the kernel now. */
export async function readRuleset(actor: Actor, farmId: string, deps: Deps = runtime()): Promise<Result<RulesetView>> {
  const permitted = permit(actor, "read-ruleset");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return fail("not-found", "There is no such farm");
  return deps.agent.ruleset(farmId);
}
