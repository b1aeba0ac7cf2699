/** Stickiness, pins, connection limits and sorry servers in sentences. */
import { type EffectiveFarm, sorryFamily } from "../farm/effective.ts";
import type { Persistence } from "../farm/persistence.ts";
import type { Pin } from "../farm/pins.ts";
import type { Backend, Farm } from "../farm/types.ts";

type FarmState = { readonly farm: Farm; readonly eff: EffectiveFarm };

/** Pins named one by one up to this many, then counted. */
const pinsShown = 8;

export function persistenceSentences(before: Farm, after: Farm): string[] {
  if (after.persistence === null) return ["Clients are no longer sticky"];
  const text = persistenceText(after.persistence);
  return [isForgotten(before.persistence, after.persistence) ? `${text}; what was remembered is forgotten` : text];
}

/** Kept clients move at most at their next connection. */
export function pinSentences(before: Farm, after: Farm): string[] {
  const had = new Map(before.pins.map((pin) => [pin.client, pin.backend]));
  const has = new Map(after.pins.map((pin) => [pin.client, pin.backend]));
  const added = after.pins.filter(({ client, backend }) => had.get(client) !== backend).map(pinText);
  const gone = before.pins
    .filter(({ client }) => !has.has(client))
    .map(({ client }) => `${client} is no longer pinned`);
  const all = [...added, ...gone];
  if (all.length === 0) return ["The pins stand in another order"];
  const rest = all.length - pinsShown;
  return rest > 0 ? [...all.slice(0, pinsShown), `${rest} more pins change`] : all;
}

/** What a new farm does besides balancing. */
export function stickyFarmSentences(farm: Farm): string[] {
  return [
    ...(farm.persistence === null ? [] : [persistenceText(farm.persistence)]),
    ...farm.pins.slice(0, pinsShown).map(pinText),
    ...(farm.pins.length > pinsShown ? [`${farm.pins.length - pinsShown} more clients are pinned`] : []),
    ...(farm.sorryServer === null ? [] : [sorryText(farm.sorryServer)]),
  ];
}

/** The moment in which the sorry server steps in or back. */
export function standInSentences(before: FarmState, after: FarmState): string[] {
  const was = sorryFamily(before.farm, before.eff);
  const is = sorryFamily(after.farm, after.eff);
  const { sorryServer } = after.farm;
  if (is !== null && was !== is && sorryServer !== null)
    return [`No IPv${is} backend takes new connections: the sorry server ${sorryServer.address} answers them`];
  if (was !== null && is === null && sorryServer !== null)
    return ["The sorry server stands back: new connections go to the backends again"];
  return [];
}

export function sorryText({ address, port }: NonNullable<Farm["sorryServer"]>): string {
  return `When no backend serves, ${address}${port === null ? "" : ` port ${port}`} answers (the sorry server)`;
}

export function connectionLimitText(before: Backend, after: Backend): string {
  const { maxConnections } = after;
  if (maxConnections === null) return "has no connection limit any more";
  if (before.maxConnections === null) return `takes at most ${maxConnections} connections at once, counted from now on`;
  return `connection limit ${before.maxConnections} to ${maxConnections}, counted anew`;
}

function persistenceText({ by, timeoutS, prefixV4, prefixV6, size }: Persistence): string {
  const what = by === "source-address" ? "Clients" : "Clients of one address of the farm";
  const prefixes = [prefixV4 === 32 ? null : `IPv4 by /${prefixV4}`, prefixV6 === 128 ? null : `IPv6 by /${prefixV6}`];
  const room = size === null ? null : `at most ${size} of each family`;
  const told = [...prefixes, room].filter((text) => text !== null).join(", ");
  return `${what} stay with their backend for ${timeoutS} s${told === "" ? "" : ` (${told})`}`;
}

/** Another key or another map; the time alone keeps what is there. */
function isForgotten(before: Persistence | null, after: Persistence): boolean {
  if (before === null) return false;
  const { by, prefixV4, prefixV6, size } = before;
  return by !== after.by || prefixV4 !== after.prefixV4 || prefixV6 !== after.prefixV6 || size !== after.size;
}

function pinText({ client, backend }: Pin): string {
  return `${client} is pinned to ${backend}`;
}
