/**
 * Named lists in the kernel: one set a list and family, shared by the farms that refer to it. Its name is made of the list's number, so
 * what the list holds, and what it is called, never shows in a farm's rules.
 */
import type { Allocation } from "../../allocation/allocation.ts";
import type { NamedList } from "../../farm/named-list.ts";
import { networksOf } from "../../farm/networks.ts";
import type { Family } from "../../farm/types.ts";
import type { Elements, FarmObject } from "../model.ts";
import { farmObject } from "./part.ts";

/** Name of the set of one family. */
export function listSetName(number: number, family: Family): string {
  return listSet(number, family, new Map())[0];
}

/** The sets of all lists. Equal lists by reference give the same sets by reference. */
export function listSetsOf(
  lists: Iterable<NamedList>,
  allocation: Pick<Allocation, "lists">,
): (readonly [string, FarmObject])[] {
  return Array.from(lists).flatMap((list) => {
    const number = allocation.lists.get(list.name);
    if (number === undefined) throw new Error(`list ${list.id} is not allocated`);
    const known = lastMade.get(list);
    if (known?.number === number) return known.sets;
    const sets = families.map((family) => {
      const elements = new Map(networksOf(list.networks, family).map((network) => [network, ""] as const));
      return listSet(number, family, elements);
    });
    lastMade.set(list, { number, sets });
    return sets;
  });
}

const families = [4, 6] as const;

/** A memo only: what it holds follows from its key and is dropped with the list. */
const lastMade = new WeakMap<
  NamedList,
  { readonly number: number; readonly sets: readonly (readonly [string, FarmObject])[] }
>();

function listSet(number: number, family: Family, elements: Elements): readonly [string, FarmObject] {
  const type = family === 4 ? "ipv4_addr" : "ipv6_addr";
  return farmObject("list", number, family, { kind: "set", type, options: ["flags interval"] }, elements);
}
