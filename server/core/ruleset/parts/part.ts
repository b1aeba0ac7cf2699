/**
 * What every part is given and gives: one farm with its allocation in, elements (and chains) out. Members are sorted by their kernel
 * id, so that the order of backends in the document never shows in the kernel.
 */
import { type FarmAllocation, memberKey, sorryKey } from "../../allocation/allocation.ts";
import { markText } from "../../allocation/marks.ts";
import { familyOf } from "../../farm/address.ts";
import type { EffectiveBackend, EffectiveFarm } from "../../farm/effective.ts";
import { type HostView, noHost } from "../../farm/host-view.ts";
import type { Backend, Family, Farm } from "../../farm/types.ts";
import {
  type Elements,
  type FarmObject,
  type Feature,
  isDynamic,
  type ObjectDeclaration,
  type ObjectName,
} from "../model.ts";
import { digest } from "../signature.ts";

/** `at`: its place among the farm's backends */
type Member = { readonly id: number; readonly at: number; readonly backend: Backend; readonly eff: EffectiveBackend };

export type PartInput = {
  readonly tag: number;
  readonly farm: Farm;
  readonly own: FarmAllocation;
  /** name of a named list -> its number */
  readonly lists: ReadonlyMap<string, number>;
  /** families of the farm's VIPs */
  readonly host: HostView;
  readonly families: readonly Family[];
  /** sorted by id */
  readonly members: readonly Member[];
  /** takes no slot; null = the farm has none */
  readonly sorry: Member | null;
  /** whoever packets may be sent to: the members and the sorry server */
  readonly targets: readonly Member[];
};

export type PartOutput = readonly (readonly [ObjectName, Elements])[];

/** A part with hooks, maps, sets or chains of its own. */
export type OwnOutput = {
  readonly features: readonly Feature[];
  readonly objects: ReadonlyMap<string, FarmObject>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly elements: PartOutput;
  /** sets of named lists that its rules look into */
  readonly lists?: readonly string[];
};

export const nothingOwn: OwnOutput = { features: [], objects: new Map(), chains: new Map(), elements: [] };

/** Name of a farm's chain: only numbers, never a name of people. */
export function farmChain(number: number, family: Family, prefix = "f"): string {
  return `${prefix}_${number}_${family}`;
}

/**
 * A map or set of one farm, by name: another declaration gets another name, so that it is made anew beside the old one. A leading d_
 * says that the kernel keeps the elements itself; its listing does not.
 */
export function farmObject(
  prefix: string,
  number: number,
  family: Family,
  declaration: ObjectDeclaration,
  elements: Elements = noElements,
): readonly [string, FarmObject] {
  const version = digest(JSON.stringify(declaration)).slice(0, 4);
  const lead = isDynamic(declaration) ? "d_" : "";
  return [`${lead}${prefix}_${number}_${family}_${version}`, { declaration, elements }];
}

const noElements: Elements = new Map();

export function partInput(
  tag: number,
  farm: Farm,
  eff: EffectiveFarm,
  own: FarmAllocation,
  lists: ReadonlyMap<string, number> = new Map(),
): PartInput {
  const vips = new Set<Family>(farm.addresses.map((address) => (address.includes(":") ? 6 : 4)));
  const members = farm.backends.map((backend, at): Member => {
    const id = own.ids.get(memberKey(backend));
    const effBackend = eff.backends[at];
    if (id === undefined || effBackend?.backendId !== backend.id)
      throw new Error(`farm ${farm.id} is not allocated or its effective weights are of another farm`);
    return { id, at, backend, eff: effBackend };
  });
  byId(members);
  const sorry = sorryMember(farm, own);
  const targets = sorry === null ? members : byId([...members, sorry]);
  const families = ([4, 6] as const).filter((family) => vips.has(family));
  return { tag, farm, own, host: eff.host ?? noHost, lists, families, members, sorry, targets };
}

/** The same with other weights; the farm, its allocation and its links are as they were. */
export function withEffective(input: PartInput, eff: EffectiveFarm): PartInput {
  const members = input.members.map((member): Member => {
    const own = eff.backends[member.at];
    return own === undefined || own === member.eff ? member : { ...member, eff: own };
  });
  const { sorry } = input;
  return { ...input, members, targets: sorry === null ? members : byId([...members, sorry]) };
}

function byId(members: Member[]): Member[] {
  return members.sort((a, b) => a.id - b.id);
}

/** The sorry server in the shape of a backend that has no weight: always in the maps, never in the slots. */
function sorryMember(farm: Farm, own: FarmAllocation): Member | null {
  const key = sorryKey(farm);
  if (key === null || farm.sorryServer === null) return null;
  const id = own.ids.get(key);
  if (id === undefined) throw new Error(`the sorry server of farm ${farm.id} is not allocated`);
  const { address, port } = farm.sorryServer;
  const backend: Backend = {
    id: "sorry",
    name: "sorry",
    address,
    port,
    weight: 0,
    adminState: "active",
    tier: 0,
    maxConnections: null,
    snatAddress: null,
    healthCheck: null,
  };
  return { id, at: -1, backend, eff: { backendId: backend.id, family: familyOf(address), weight: 0, inMap: true } };
}

/** Matches a connection that is given to a backend of ours. */
export function isOurs(tag: number): string {
  return `ct mark & 0xff000000 == ${markText(tag << 24)}`;
}
