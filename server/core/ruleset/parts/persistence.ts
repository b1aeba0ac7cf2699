/**
 * Who comes back goes where it was: pins first, then what is remembered, both ahead of the scheduler. The head stays as it is while
 * backends drain and fail: only an id that has left the address maps sends its client on to the scheduler.
 * "update" never overwrites what an entry holds, so an entry of no use is deleted first; a map that is full ends the rule that fills it,
 * which is therefore a rule of its own. The look-up mark carries the farm number, and whatever mark the connection had is gone.
 */
import { idMark, lookupMark, markText } from "../../allocation/marks.ts";
import { familyOf } from "../../farm/address.ts";
import { maskText, type Remembered, rememberedBy } from "../../farm/persistence.ts";
import type { Family } from "../../farm/types.ts";
import type { FarmObject } from "../model.ts";
import { farmObject, isOurs, type PartInput } from "./part.ts";

type Named = readonly [string, FarmObject];

/** What the rules of one family use. */
export type Memory = {
  readonly objects: readonly Named[];
  /** before the scheduler; `take` ends the packet's way unless the backend has left the maps */
  readonly head: (take: string, usable: string) => string[];
  /** after the scheduler; `again`: its rule for a client whom a full map cannot take */
  readonly remember: (again: string) => string[];
};

/** `full`: the set of backends that take no more, null where nobody has a limit. */
export function memoryOf(input: PartInput, family: Family, full: string | null): Memory {
  const pins = pinMap(input, family);
  const sticky = stickyOf(input, family);
  const objects = [pins, sticky?.own ?? null].filter((object) => object !== null);
  return {
    objects,
    head: (take, usable) => [
      ...(pins === null ? [] : pinRules(input, family, pins[0], take, usable)),
      ...(sticky === null ? [] : stickyRules(input, sticky, take, full)),
    ],
    remember: (again) => (sticky === null ? [] : rememberRules(input, sticky, again)),
  };
}

/** A farm's own map, by prefix or size; null = it uses the shared one, or remembers nobody. */
export function ownStickyMap({ farm, own }: Pick<PartInput, "farm" | "own">, family: Family): Named | null {
  if (farm.persistence === null) return null;
  const { ownSize } = rememberedBy(farm.persistence, family);
  if (ownSize === null) return null;
  const options = [`size ${ownSize}`, "flags dynamic,timeout"];
  return farmObject("sticky", own.number, family, { kind: "map", type: `${addressType(family)} : mark`, options });
}

function addressType(family: Family): string {
  return family === 4 ? "ipv4_addr" : "ipv6_addr";
}

function pinMap({ tag, farm, own, members }: PartInput, family: Family): Named | null {
  const pins = farm.pins.filter(({ client }) => familyOf(client) === family);
  if (pins.length === 0) return null;
  const ids = new Map(members.map(({ id, backend }) => [backend.name, markText(idMark(tag, id))]));
  const elements = pins.flatMap(({ client, backend }) => {
    const id = ids.get(backend);
    return id === undefined ? [] : [[client, id] as const];
  });
  const declaration = { kind: "map", type: `${addressType(family)} : mark`, options: ["flags interval"] } as const;
  return farmObject("pin", own.number, family, declaration, new Map(elements));
}

function pinRules({ tag, own }: PartInput, family: Family, map: string, take: string, usable: string): string[] {
  return [
    `ct mark set ${markText(lookupMark(tag, own.number))}`,
    `ct mark set ${family === 4 ? "ip" : "ip6"} saddr map @${map}`,
    `${isOurs(tag)} ${usable}${take}`,
  ];
}

/** Only whole IPv4 addresses: see rememberedBy. */
export const sharedSticky = "sticky4";

type Sticky = {
  readonly own: Named | null;
  /** statements */
  readonly lookUp: string;
  readonly update: string;
  readonly forget: string;
};

function stickyOf(input: PartInput, family: Family): Sticky | null {
  const { tag, farm, own } = input;
  if (farm.persistence === null) return null;
  const remembered = rememberedBy(farm.persistence, family);
  const address = keyText(remembered, family);
  const map = ownStickyMap(input, family);
  const name = map === null ? sharedSticky : map[0];
  // a constant cannot stand in the key of a look-up, only in that of an update: there the mark itself carries the farm number
  const [found, key] =
    map === null
      ? [`ct mark . ${address}`, `${markText(lookupMark(tag, own.number))} . ${address}`]
      : [address, address];
  return {
    own: map,
    lookUp: `ct mark set ${found} map @${name}`,
    update: `update @${name} { ${key} timeout ${remembered.timeoutS}s : ct mark }`,
    forget: `delete @${name} { ${key} : ct mark }`,
  };
}

function keyText({ by, prefix, isWhole }: Remembered, family: Family): string {
  const field = `${family === 4 ? "ip" : "ip6"} ${by === "source-address" ? "saddr" : "daddr"}`;
  return isWhole ? field : `${field} & ${maskText(family, prefix)}`;
}

function stickyRules({ tag, own }: PartInput, sticky: Sticky, take: string, full: string | null): string[] {
  const unknown = `ct mark set ${markText(lookupMark(tag, own.number))}`;
  return [
    unknown,
    sticky.lookUp,
    ...(full === null ? [] : [`ct mark @${full} ${sticky.forget}`, `ct mark @${full} ${unknown}`]),
    `${isOurs(tag)} ${sticky.update}`,
    `${isOurs(tag)} ${take}`,
    // only an entry of no use: one that another connection of this client has just made stays
    `${isOurs(tag)} ${sticky.forget}`,
  ];
}

/** Of several first connections at once one is remembered; the others read where it went, so that all go there. */
function rememberRules({ tag, own }: PartInput, sticky: Sticky, again: string): string[] {
  const remember = `${isOurs(tag)} ${sticky.update}`;
  if (sticky.own !== null) return [remember, sticky.lookUp];
  const lookUp = markText(lookupMark(tag, own.number));
  // whoever was found has no slot's mark, and nothing to pick; a rule that has a modulus leads nowhere itself (slots.ts)
  return [remember, `${isOurs(tag)} ct mark set ${lookUp}`, sticky.lookUp, `ct mark ${lookUp} ${again}`, "jump pick"];
}
