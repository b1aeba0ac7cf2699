/**
 * What runs of a farm by its document alone: for a document without an agent, and where the kernel's listing cannot be read. Hash
 * tables follow from names and weights, so they are the same on every balancer; mark ids are not.
 */
import { allocateFarm, allocateLists, emptyAllocation } from "../allocation/allocation.ts";
import { effective } from "../farm/effective.ts";
import { listNamesOf, type NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";
import type { FarmConditions } from "../health/condition.ts";
import { compileFarm } from "../ruleset/compile.ts";
import type { Running } from "./explain-client.ts";
import { fragmentText, ownObjectsText } from "./program.ts";

/** `ownObjects`: the farm's own maps and sets, in the form of a listing. */
export function calculateRunning(
  farm: Farm,
  conditions: FarmConditions,
  lists: readonly NamedList[] = [],
): Running & { readonly ownObjects: string } {
  const eff = effective(farm, conditions);
  const allocated = allocateFarm(allocateLists(emptyAllocation(), listNamesOf(farm)), farm, eff);
  const fragment = allocated.ok ? compileFarm(farm, eff, allocated.value) : null;
  return {
    rules: fragment === null ? "" : fragmentText(fragment),
    ownObjects: fragment === null ? "" : ownObjectsText(fragment),
    effective: eff,
    stickiness: { known: "unasked" },
    lists: new Map(lists.map(({ name, networks }) => [name, networks])),
  };
}
