/**
 * How many of a farm's backends serve without being known to be well, and how many of those that should serve do not for another reason
 * than failing: lists draw one post a backend from these counts, and nothing may stand there as well, or as failing, that is not known to be.
 * Pure. Zero is absent.
 */
import { conditionOf, type FarmConditions, isWithdrawn } from "../health/condition.ts";
import type { EffectiveFarm } from "./effective.ts";
import type { Farm } from "./types.ts";

export type Posts = {
  /** could serve and wait for a lower tier to fail */
  readonly waiting?: number;
  /** serve, and nothing is known of their health */
  readonly unsure?: number;
  /** serve, and not all is well */
  readonly shaky?: number;
  /** should serve by decision and do not, though nothing says that they fail: a window, a wish of their own, a quorum that is not met */
  readonly aside?: number;
};

type Kind = keyof Posts;

export function postsOf(farm: Farm, eff: EffectiveFarm, conditions: FarmConditions): Posts {
  if (!farm.enabled) return {};
  const posts: { [kind in Kind]?: number } = {};
  for (const [index, { id, adminState, weight, tier }] of farm.backends.entries()) {
    if (adminState !== "active" || weight === 0) continue;
    const condition = conditionOf(conditions, id);
    const serves = (eff.backends[index]?.weight ?? 0) > 0;
    const { health, out } = condition;
    let kind: Kind | null = null;
    if (serves) kind = health === "unknown" ? "unsure" : health === "degraded" ? "shaky" : null;
    else if (tier > 0 && !isWithdrawn(condition)) kind = "waiting";
    else if (health !== "down" && out !== "ejected") kind = "aside";
    if (kind !== null) posts[kind] = (posts[kind] ?? 0) + 1;
  }
  return posts;
}
