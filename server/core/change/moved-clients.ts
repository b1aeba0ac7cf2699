/**
 * How many clients of a farm that hashes meet another backend after a change. A client is a point of the hash's range; a table of
 * slots divides that range evenly, whatever its size, so two tables are compared piece by piece.
 */
import type { EffectiveFarm } from "../farm/effective.ts";
import { familyMembers, familyModulus, familyOwners } from "../farm/family-plan.ts";
import { isHashing } from "../farm/hash-slots.ts";
import type { Family, Farm } from "../farm/types.ts";

export type FarmState = { readonly farm: Farm; readonly eff: EffectiveFarm };

/** One sentence a family in which clients move; none when the farm does not hash before and after. */
export function movedClientsSentences(before: FarmState, after: FarmState): string[] {
  if (!isHashing(before.farm.scheduler) || !isHashing(after.farm.scheduler)) return [];
  if (hashedBy(before.farm) !== hashedBy(after.farm))
    return ["Clients are dealt anew: most meet another backend at their next connection"];
  const families = ([4, 6] as const).filter((family) =>
    after.eff.backends.some((backend) => backend.family === family),
  );
  return families.flatMap((family) => {
    const pct = movedClientsPct(before, after, family);
    const clients = families.length > 1 ? `IPv${family} clients` : "clients";
    if (pct === 0) return [];
    const part = pct < 0.1 ? "Less than 0.1" : `About ${pct.toFixed(1)}`;
    return [`${part} % of ${clients} meet another backend at their next connection`];
  });
}

/** 0..100, of the clients of a family; the same hash before and after. A family that nobody serves before or after: 0. */
export function movedClientsPct(before: FarmState, after: FarmState, family: Family): number {
  const numbers = new Map<string, number>();
  const was = ownersOf(before, family, numbers);
  const is = ownersOf(after, family, numbers);
  if (was.length === 0 || is.length === 0) return 0;
  let moved = 0;
  let from = 0;
  for (let a = 0, b = 0; a < was.length && b < is.length; ) {
    const [endA, endB] = [(a + 1) / was.length, (b + 1) / is.length];
    const to = Math.min(endA, endB);
    if (was[a] !== is[b]) moved += to - from;
    from = to;
    if (endA <= to) a++;
    if (endB <= to) b++;
  }
  return 100 * moved;
}

/** What decides the slot of a client. */
function hashedBy({ scheduler, hashFields }: Farm): string {
  return scheduler === "symmetric-hash" ? scheduler : [...new Set(hashFields)].sort().join(" ");
}

/** Whose each slot is, empty when nobody serves: `numbers` gives the same backend id the same number before and after. */
function ownersOf({ farm, eff }: FarmState, family: Family, numbers: Map<string, number>): Uint32Array {
  const members = familyMembers(farm, eff, family);
  const own = members.map(({ backendId }) => {
    const number = numbers.get(backendId) ?? numbers.size;
    numbers.set(backendId, number);
    return number;
  });
  const owners = familyOwners(farm, members, familyModulus(farm, members), 0);
  const numbered = new Uint32Array(owners.length);
  for (let slot = 0; slot < numbered.length; slot++) numbered[slot] = own[owners[slot] ?? 0] ?? 0;
  return numbered;
}
