/** Conditions as live rows tell them: a page then previews with what the agent programs by. */
import type { BackendLive } from "../metrics/live.ts";
import type { Condition, FarmConditions } from "./condition.ts";

/** By what the weight of a backend is multiplied now. */
export function factorOfLive(weights: BackendLive["weights"]): number {
  return (weights?.slowStart?.factor ?? 1) * (weights?.dynamic?.factor ?? 1) * (weights?.wish?.factor ?? 1);
}

type Told = Pick<BackendLive, "backendId" | "health" | "out" | "weights">;

export function conditionsOfLive(backends: Iterable<Told>): FarmConditions {
  return new Map(
    Array.from(backends, ({ backendId, health, out, weights }): [string, Condition] => [
      backendId,
      {
        health,
        out: out?.why ?? null,
        factor: factorOfLive(weights),
      },
    ]),
  );
}
