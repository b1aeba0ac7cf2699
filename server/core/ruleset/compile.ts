/**
 * Farms to rules: concatenates the parts. Pure, independent of the order of farms, memoised per farm by reference, so that one
 * changed farm among thousands costs one farm.
 */
import type { Allocation, FarmAllocation } from "../allocation/allocation.ts";
import type { EffectiveFarm } from "../farm/effective.ts";
import { isTracked } from "../farm/forwarding.ts";
import { listNamesOf, type NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";
import type { Elements, Fragment, ObjectName, Ruleset } from "./model.ts";
import { accountPart } from "./parts/account.ts";
import { backendsPart } from "./parts/backends.ts";
import { dispatchPart } from "./parts/dispatch.ts";
import { dsrPart } from "./parts/dsr.ts";
import { guardPart } from "./parts/guard.ts";
import { listSetsOf } from "./parts/lists.ts";
import { type OwnOutput, type PartInput, type PartOutput, partInput, withEffective } from "./parts/part.ts";
import { qosPart } from "./parts/qos.ts";
import { farmChains, slotElements, slotsPart } from "./parts/slots.ts";
import { memberAddresses, sourcePart } from "./parts/source.ts";
import { statelessPart } from "./parts/stateless.ts";
import { stepsPart } from "./parts/steps.ts";
import { synproxyPart } from "./parts/synproxy.ts";
import { emptyRuleset, rulesetOf, withFragments, withLists, withRetired } from "./ruleset.ts";
import { SlotElements } from "./slot-elements.ts";

/** The farm must be allocated, with these effective weights. Equal inputs by reference give the same Fragment by reference. */
export function compileFarm(farm: Farm, eff: EffectiveFarm, allocation: Allocation): Fragment {
  const own = allocation.farms.get(farm.id);
  if (own === undefined) throw new Error(`farm ${farm.id} is not allocated`);
  const known = lastCompiled.get(farm);
  const { tag, lists } = allocation;
  const numbers = listNamesOf(farm)
    .map((name) => lists.get(name))
    .join();
  if (known?.eff === eff && known.own === own && known.tag === tag && known.numbers === numbers) return known.fragment;
  const isSlotsOnly =
    known?.own === own &&
    known.tag === tag &&
    known.numbers === numbers &&
    isTracked(farm) &&
    isSameBut(known.eff, eff);
  const input = isSlotsOnly ? withEffective(known.input, eff) : partInput(tag, farm, eff, own, lists);
  const fragment = isSlotsOnly ? withSlots(known.fragment, input) : assemble(input);
  lastCompiled.set(farm, { eff, own, tag, numbers, input, fragment });
  return fragment;
}

/**
 * `previous`: the last ruleset; only farms that changed by reference are then looked into. Its `cut` is carried over. Every list that
 * a farm refers to must be among `lists`, and allocated.
 */
export function compile(
  farms: Iterable<Farm>,
  effective: ReadonlyMap<string, EffectiveFarm>,
  allocation: Allocation,
  previous?: Ruleset,
  lists: Iterable<NamedList> = [],
): Ruleset {
  const sets = listSetsOf(lists, allocation);
  const fragments = Array.from(farms, (farm) => {
    const eff = effective.get(farm.id);
    if (eff === undefined) throw new Error(`farm ${farm.id} has no effective weights`);
    return compileFarm(farm, eff, allocation);
  });
  if (previous === undefined || previous.tag !== allocation.tag)
    return rulesetOf(withLists({ ...emptyRuleset(allocation.tag), retired: allocation.retired }, sets), fragments);
  return updated(withLists(previous, sets), fragments, allocation.retired);
}

type Compiled = {
  readonly eff: EffectiveFarm;
  readonly own: FarmAllocation;
  readonly tag: number;
  /** of the lists that the farm refers to */
  readonly numbers: string;
  readonly input: PartInput;
  readonly fragment: Fragment;
};

type Parts = {
  readonly shared: readonly ((input: PartInput) => PartOutput)[];
  /** with hooks, objects or chains of their own; no two write into the same shared object */
  readonly own: readonly ((input: PartInput) => OwnOutput)[];
};

const trackedParts: Parts = {
  shared: [dispatchPart, slotsPart, backendsPart, accountPart, sourcePart],
  own: [stepsPart, guardPart, qosPart, synproxyPart],
};
/** Nothing of a farm that the kernel does not track stands in what follows connections. */
const untrackedParts: Parts = { shared: [], own: [statelessPart, dsrPart] };

/** Other weights, and nothing that another part than the slots looks at. */
function isSameBut(before: EffectiveFarm, after: EffectiveFarm): boolean {
  return (
    before.host === after.host &&
    before.backends.every(({ weight, inMap }, at) => {
      const now = after.backends[at];
      return now !== undefined && inMap === now.inMap && weight > 0 === now.weight > 0;
    })
  );
}

/** What moves each second is compiled without the rest; weights that are apart by less than a slot are the same fragment. */
function withSlots(fragment: Fragment, input: PartInput): Fragment {
  const before = fragment.elements.get("slots");
  const slots = slotElements(input);
  if (before === undefined || (before instanceof SlotElements && before.isLike(slots))) return fragment;
  return { ...fragment, elements: new Map(fragment.elements).set("slots", slots) };
}

/** A memo only: what it holds follows from its key and is dropped with the farm. */
const lastCompiled = new WeakMap<Farm, Compiled>();

function assemble(input: PartInput): Fragment {
  const { farm, own } = input;
  const tracked = isTracked(farm);
  const parts = tracked ? trackedParts : untrackedParts;
  const theirs = parts.own.map((part) => part(input));
  const elements = new Map<ObjectName, Elements>();
  const outputs = parts.shared.map((part) => part(input));
  for (const [object, items] of [...outputs, ...theirs.map((part) => part.elements)].flat())
    if (items.size > 0) elements.set(object, items);
  return {
    farmId: farm.id,
    farmNumber: own.number,
    features: [...new Set(theirs.flatMap((part) => part.features))],
    objects: new Map(theirs.flatMap((part) => [...part.objects])),
    chains: new Map([...(tracked ? farmChains(input) : []), ...theirs.flatMap((part) => [...part.chains])]),
    elements,
    members4: tracked ? memberAddresses(input, 4) : [],
    members6: tracked ? memberAddresses(input, 6) : [],
    lists: theirs.flatMap((part) => part.lists ?? []),
  };
}

function updated(previous: Ruleset, fragments: readonly Fragment[], retired: ReadonlySet<number>): Ruleset {
  const wanted = new Set(fragments.map(({ farmId }) => farmId));
  const gone = [...previous.fragments.keys()].filter((farmId) => !wanted.has(farmId));
  return withFragments(withRetired(previous, retired), fragments, gone);
}
