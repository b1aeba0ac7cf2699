/** A plan in plain sentences, from the farms before and after it. */

import { usersOf } from "../core/change/apply-lists.ts";
import { explainChange } from "../core/change/explain.ts";
import type { Operation } from "../core/change/operation.ts";
import type { Farm } from "../core/farm/types.ts";
import { type Conditions, effectiveOf } from "./effective-memo.ts";
import type { Plan, State } from "./plan.ts";

export function planSentences(
  before: State,
  plan: Plan,
  operations: readonly Operation[],
  conditions: Conditions,
): string[] {
  const ids = new Set([...plan.touched, ...plan.cuts.map((cut) => cut.farmId)]);
  const eff = (farm: Farm | null) => (farm === null ? null : effectiveOf(farm, conditions));
  const farms = [...ids].map((farmId) => {
    const was = before.desired.farms.get(farmId)?.farm ?? null;
    const is = plan.state.desired.farms.get(farmId)?.farm ?? null;
    return { before: was, after: is, effBefore: eff(was), effAfter: eff(is) };
  });
  return explainChange(farms, operations, listChanges(before, plan)).slice(0, sentencesMax);
}

function listChanges(before: State, { state, touchedLists }: Plan) {
  if (touchedLists.length === 0) return [];
  const users = usersOf(state.desired.farms.values());
  return touchedLists.map((listId) => {
    const was = before.desired.lists.get(listId)?.list ?? null;
    const is = state.desired.lists.get(listId)?.list ?? null;
    return { before: was, after: is, farms: users.get(is?.name ?? "") ?? [] };
  });
}

/** A seed is told by its size, not farm by farm. */
export function seedSentences(farms: number, epoch: number): string[] {
  return [`${farms} farm${farms === 1 ? "" : "s"} taken over as epoch ${epoch}`];
}

const sentencesMax = 500;
