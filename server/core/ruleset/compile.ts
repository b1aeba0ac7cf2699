/**
 * Farms to rules: concatenates the parts. Pure, independent of the order of farms, memoised per farm by reference, so that one
 * changed farm among thousands costs one farm.
 */
import type { Allocation } from "../allocation/allocation.ts";
import type { EffectiveFarm } from "../farm/effective.ts";
import type { Farm } from "../farm/types.ts";
import type { Cut, FlatRuleset, Fragment, Ruleset } from "./model.ts";

/** The farm must be allocated. */
export function compileFarm(_farm: Farm, _eff: EffectiveFarm, _allocation: Allocation): Fragment {
  throw new Error("not built");
}

/** `previous`: the last ruleset; only farms that changed by reference are then looked into. Its `cut` is carried over. */
export function compile(
  _farms: Iterable<Farm>,
  _effective: ReadonlyMap<string, EffectiveFarm>,
  _allocation: Allocation,
  _previous?: Ruleset,
): Ruleset {
  throw new Error("not built");
}

export function emptyRuleset(_tag: number): Ruleset {
  throw new Error("not built");
}

/** The hot path: the ruleset with one farm's fragment added or replaced. */
export function withFragment(_ruleset: Ruleset, _fragment: Fragment): Ruleset {
  throw new Error("not built");
}

export function withoutFarm(_ruleset: Ruleset, _farmId: string): Ruleset {
  throw new Error("not built");
}

export function withRetired(_ruleset: Ruleset, _retired: ReadonlySet<number>): Ruleset {
  throw new Error("not built");
}

export function withCut(_ruleset: Ruleset, _cut: Cut): Ruleset {
  throw new Error("not built");
}

export function flatten(_ruleset: Ruleset): FlatRuleset {
  throw new Error("not built");
}
