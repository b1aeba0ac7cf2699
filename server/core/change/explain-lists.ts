/** Named lists in sentences: what comes and goes, counted in addresses and not in how a list is written, and which farms follow. */
import type { NamedList } from "../farm/named-list.ts";
import { networksMinus } from "../farm/networks.ts";

export type ListChange = {
  readonly before: NamedList | null;
  readonly after: NamedList | null;
  /** names of the farms that refer to it after the change */
  readonly farms: readonly string[];
};

/** Empty = nothing changes. */
export function explainList({ before, after, farms }: ListChange): string[] {
  if (after === null) return before === null ? [] : [`List ${before.name} is removed`];
  if (before === null)
    return [`New list ${after.name}: ${after.networks.length === 0 ? "nobody yet" : shortList(after.networks)}`];
  const added = networksMinus(after.networks, before.networks);
  const gone = networksMinus(before.networks, after.networks);
  const sentences = [
    ...(before.name === after.name ? [] : [`List ${before.name} is now called ${after.name}`]),
    ...(added.length === 0 ? [] : [`List ${after.name}: ${shortList(added)} added`]),
    ...(gone.length === 0 ? [] : [`List ${after.name}: ${shortList(gone)} removed`]),
  ];
  const isMoved = added.length > 0 || gone.length > 0;
  if (isMoved && farms.length > 0)
    sentences.push(
      `${farms.length === 1 ? "Farm" : "Farms"} ${shortList(farms)} ${farms.length === 1 ? "follows" : "follow"} at once`,
    );
  if (before.notes !== after.notes) sentences.push(`List ${after.name}: the notes change`);
  return sentences;
}

const namedMax = 5;

/** The first few, and how many more. */
export function shortList(list: readonly string[]): string {
  const rest = list.length - namedMax;
  const named = list.slice(0, rest > 0 ? namedMax : list.length).join(", ");
  return rest > 0 ? `${named} and ${rest} more` : named;
}
