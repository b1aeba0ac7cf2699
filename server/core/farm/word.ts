/** The one word for a farm's state, the first that fits, and its reason as a sentence. */
import type { EffectiveFarm } from "./effective.ts";
import type { Farm, FarmWord, Health } from "./types.ts";

export type FarmWordAnswer = {
  readonly word: FarmWord;
  /** backends that take new connections */
  readonly serving: number;
  readonly total: number;
  /** the worst reason; null when all is well */
  readonly reason: string | null;
};

export function farmWord(
  _farm: Farm,
  _eff: EffectiveFarm,
  _health: ReadonlyMap<string, Health>,
  _agentLost: boolean,
): FarmWordAnswer {
  throw new Error("not built");
}
