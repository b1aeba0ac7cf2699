/** Filters and QoS in sentences, one a field. */
import { networksMinus, networksOf, referencesOf } from "../farm/networks.ts";
import type { Policy } from "../farm/policy.ts";
import type { Farm } from "../farm/types.ts";
import { canonicalJson } from "./digest.ts";
import { shortList } from "./explain-lists.ts";

/** Every field has its sentence: a new field does not compile until it is here. */
const sentences: { readonly [Field in keyof Policy]: (before: Farm, after: Farm) => string[] } = {
  allow: (_, after) => allowText(after),
  deny: ({ policy: before }, { policy: after }) => [
    ...about(moreIn(after.deny, before.deny), "denied: their packets are dropped, open connections stop"),
    ...about(moreIn(before.deny, after.deny), "no longer denied"),
  ],
  newPerSecondPerSource: (_, { policy: { newPerSecondPerSource: perS } }) => [
    perS === null
      ? "New connections of one client are not limited any more"
      : `One client may open ${perS} new connections a second; more are dropped`,
  ],
  connectionsPerSource: (_, { protocol, policy: { connectionsPerSource: most } }) => [
    most === null
      ? "Open connections of one client are not limited any more"
      : `One client may hold ${most} connections; more are ${protocol === "tcp" ? "refused" : "dropped"}, open ones stay`,
  ],
  synPerSecond: (_, { policy: { synPerSecond: perS } }) => [
    perS === null
      ? "The farm takes any number of SYN packets"
      : `The farm takes ${perS} SYN packets a second of all clients; more are dropped`,
  ],
  synProxy: (_, { policy }) => [
    policy.synProxy
      ? "Clients prove that they are there before a backend is asked (SYN proxy); open connections stay"
      : "SYN packets go to the backends as they come",
  ],
  dropInvalid: (_, { policy }) => [
    policy.dropInvalid ? "Invalid packets and bogus TCP flags are dropped" : "Invalid packets are no longer dropped",
  ],
  logPerSecond: (_, { policy: { logPerSecond: perS } }) => [
    perS === null
      ? "What is turned away is no longer logged"
      : `What is turned away is logged, at most ${perS} ${perS === 1 ? "line" : "lines"} a second`,
  ],
  dscp: (_, { policy: { dscp } }) => [
    dscp === null ? "The DSCP of packets is left as it is" : `Packets of both directions carry DSCP ${dscp}`,
  ],
  priority: (_, { policy: { priority } }) => [
    priority === null ? "Packets get no class for tc" : `Packets of both directions get the tc class ${priority}`,
  ],
};

const order = Object.keys(sentences) as (keyof Policy)[];

export function explainPolicy(before: Farm, after: Farm): string[] {
  return order.flatMap((field) =>
    canonicalJson(before.policy[field]) === canonicalJson(after.policy[field]) ? [] : sentences[field](before, after),
  );
}

function allowText({ addresses, policy: { allow } }: Farm): string[] {
  if (allow.length === 0) return ["Everybody may connect"];
  const shut = ([4, 6] as const).filter(
    (family) =>
      referencesOf(allow).length === 0 &&
      networksOf(allow, family).length === 0 &&
      addresses.some((address) => address.includes(":") === (family === 6)),
  );
  const only = `Only ${shortList(allow)} may connect; packets of all others are dropped, also of open connections`;
  return [only, ...shut.map((family) => `No IPv${family} client may connect: none is allowed`)];
}

function about(networks: readonly string[], what: string): string[] {
  if (networks.length === 0) return [];
  return [`${shortList(networks)} ${networks.length === 1 ? "is" : "are"} ${what}`];
}

/** Addresses count, not how the list is written: a prefix that becomes a longer one is no new one. */
function moreIn(list: readonly string[], other: readonly string[]): string[] {
  const known = new Set(referencesOf(other));
  const names = referencesOf(list).filter((name) => !known.has(name));
  return [...networksMinus(networksIn(list), networksIn(other)), ...names.map((name) => `list ${name}`)];
}

function networksIn(list: readonly string[]): string[] {
  return [...networksOf(list, 4), ...networksOf(list, 6)];
}
