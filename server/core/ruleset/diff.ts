/**
 * The steps from what runs to what shall run, as one transaction. diff(b, b) is empty; fragments of the same reference are not
 * looked into. An element that moves between owners (a retired id) is left alone, so that its counter goes on.
 */
import type { FlatRuleset, Ruleset } from "./model.ts";
import type { Op } from "./ops.ts";

/** `running`: the last ruleset; a listing of the kernel; or null for an empty kernel (full load with the skeleton). */
export function diff(_running: Ruleset | FlatRuleset | null, _desired: Ruleset): Op[] {
  throw new Error("not built");
}

/** After a foreign hand: skeleton declared again, fixed rules anew, then the difference. Keeps elements and their counters. */
export function repair(_listed: FlatRuleset, _desired: Ruleset): Op[] {
  throw new Error("not built");
}
