/**
 * No farm may send its connections to where another one answers. Asked of what a change brings, in both directions: its farms' backends
 * against all addresses, its addresses against all backends. What was accepted before stays as it is.
 */
import type { OverlapIndex } from "../farm/overlap.ts";
import type { Farm } from "../farm/types.ts";
import { type Failure, invalid } from "../result.ts";
import type { Operation } from "./operation.ts";

type Failed = { readonly ok: false; readonly error: Failure };
type Farms = ReadonlyMap<string, { readonly farm: Farm }>;

/** null = nobody does. `changed`: farm after the change, null = it is gone; `index` knows the farms after it. */
export function refuseBalancedTwice(
  before: Farms,
  changed: ReadonlyMap<string, Farm | null>,
  index: OverlapIndex,
  failing: (failed: Failed, at: number) => Failed,
  operations: readonly Operation[],
): Failed | null {
  const putAt = new Map(operations.flatMap((each, at) => (each.type === "put-farm" ? [[each.farm.id, at]] : [])));
  const arrived = new Set<string>();
  for (const [farmId, at] of putAt) {
    const farm = changed.get(farmId) ?? null;
    if (farm === null) continue;
    const issues = index.balancedTwice(farm).map(({ issue }) => issue);
    if (issues.length > 0) return failing(invalid(issues), at);
    if (placesOf(farm) !== placesOf(before.get(farmId)?.farm)) for (const vip of farm.addresses) arrived.add(vip);
  }
  for (const { farm } of arrived.size === 0 ? [] : before.values()) {
    const isAsked = putAt.has(farm.id) || changed.get(farm.id) === null;
    if (isAsked || !targetsOf(farm).some((address) => arrived.has(address))) continue;
    for (const { farmId, issue } of index.balancedTwice(farm)) {
      const at = putAt.get(farmId);
      // the path in the other farm says nothing to who changes this one
      if (at !== undefined) return failing(invalid([{ path: "addresses", message: issue.message }]), at);
    }
  }
  return null;
}

function placesOf(farm: Farm | undefined): string {
  return JSON.stringify([farm?.addresses, farm?.protocol, farm?.ports]);
}

function targetsOf({ backends, sorryServer }: Farm): string[] {
  const addresses = backends.map(({ address }) => address);
  return sorryServer === null ? addresses : [...addresses, sorryServer.address];
}
