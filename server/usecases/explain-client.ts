import type { Actor } from "../auth/actor.ts";
import { calculateRunning } from "../core/explain/calculate-running.ts";
import { type ClientExplanation, explainClient as explain, type Running } from "../core/explain/explain-client.ts";
import { type ClientQuery, parseClientQuery } from "../core/explain/query.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import type { FarmConditions } from "../core/health/condition.ts";
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** CLIENT[:PORT] and VIP:PORT[/PROTOCOL], as people write them. */
export type ClientQuestion = { readonly client: string; readonly target: string };

/** What is known of a farm's backends; empty = nothing. */
export type ConditionsOf = (farmId: string) => FarmConditions;

/** Which backend a client gets and why, by what the kernel runs and remembers now. Fails as "invalid" with the field's path. */
export async function explainClient(
  actor: Actor,
  question: ClientQuestion,
  conditionsOf: ConditionsOf,
  deps: Deps = runtime(),
): Promise<Result<ClientExplanation>> {
  const permitted = permit(actor, "explain-client");
  if (!permitted.ok) return permitted;
  const query = parseClientQuery(question.client, question.target);
  if (!query.ok) return query;
  const farms = await deps.agent.farms();
  if (!farms.ok) return farms;
  const lists = farms.value.lists.map(({ list }) => list);
  let rulesFrom: ClientExplanation["rulesFrom"] = "kernel";
  const explanation = await explain(
    farms.value.farms.map(({ farm }) => farm),
    query.value,
    async (farm) => {
      const { isListed, ...running } = await runningOf(farm, query.value, conditionsOf(farm.id), lists, deps);
      if (!isListed) rulesFrom = "calculated";
      return running;
    },
  );
  return ok({ ...explanation, query: query.value, rulesFrom });
}

async function runningOf(
  farm: Farm,
  { client, vip }: ClientQuery,
  conditions: FarmConditions,
  lists: readonly NamedList[],
  { agent }: Deps,
): Promise<Running & { readonly isListed: boolean }> {
  const [listed, remembered] = await Promise.all([
    agent.ruleset(farm.id),
    farm.persistence === null ? null : agent.stickiness(farm.id, client, vip),
  ]);
  const { stickiness, rules, ownObjects, ...calculated } = calculateRunning(farm, conditions, lists);
  // a part that is missing would read as "leads nowhere"
  const isListed = listed.ok && listed.value.isWhole;
  return {
    ...calculated,
    stickiness: remembered?.ok ? remembered.value : stickiness,
    rules: isListed ? `${listed.value.text}\n${ownObjects}` : rules,
    isListed,
  };
}
