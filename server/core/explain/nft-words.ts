/** The words of the running rules that do what a sentence says: looked up in the text of a listing, never made up. */
import { familyOf } from "../farm/address.ts";
import { rulesOf } from "./program.ts";
import type { ClientQuery } from "./query.ts";

/** The element that leads to the farm's chain; [] where the text has none. */
export function dispatchWords(rules: string, { vip, protocol, port }: ClientQuery): string[] {
  const pattern = /(?<![0-9a-f.:])([0-9a-f.:]+)((?: \. [a-z]+ \. ([0-9]+)(?:-([0-9]+))?)?) : goto ([fs])_[0-9a-z_]+/g;
  for (const [text, address, service = "", from, to = from] of rules.matchAll(pattern)) {
    if (address !== vip) continue;
    const isProtocol = service === "" || service.startsWith(` . ${protocol} . `);
    const isPort = from === undefined || (Number(from) <= port && port <= Number(to));
    if (isProtocol && isPort) return [text];
  }
  return [];
}

/** What only counts decides nothing; nft 1.0.6 also lists the key of such an element as of an invalid type. */
const counted = / update @turned \{[^}]*\}/g;

/** Rules of the VIP's family that have this in them, in their order. */
export function ruleWords(rules: string, vip: string, part: RegExp): string[] {
  const found = rulesOf(rules, familyOf(vip)).filter((rule) => part.test(rule));
  return [...new Set(found.map((rule) => rule.replace(counted, "")))];
}
