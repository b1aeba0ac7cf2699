/**
 * Forwarding without connection tracking: each packet by itself. Before tracking begins a request gets the backend's address (and port),
 * and on its way out an answer gets the VIP's. Nothing is remembered, so the backend must follow from the packet (a hash), or every packet
 * is scheduled by itself. An answer is known by the place it comes from: a place belongs to one such farm only (farm/overlap.ts).
 * Answers are turned late, after routing: a source that is an address of this host would be dropped as spoofed.
 */
import { portRanges } from "../../farm/ports.ts";
import type { Family } from "../../farm/types.ts";
import type { Elements, FarmObject, ObjectDeclaration, ObjectName } from "../model.ts";
import { signed } from "../signature.ts";
import { rawDispatch } from "./dispatch.ts";
import { farmChain, farmObject, nothingOwn, type OwnOutput, type PartInput, type PartOutput } from "./part.ts";
import { generator, slotOrder } from "./slots.ts";

export function statelessPart(input: PartInput): OwnOutput {
  if (input.farm.forwarding !== "stateless") return nothingOwn;
  const objects = new Map<string, FarmObject>();
  const chains = new Map<string, readonly string[]>();
  for (const family of input.families) {
    const own = ownObjects(input, family);
    for (const [name, object] of Object.values(own)) objects.set(name, object);
    if (own.ports[1].elements.size === 0) objects.delete(own.ports[0]);
    chains.set(farmChain(input.own.number, family, "s"), requestRules(input, family, own).map(signed));
    chains.set(farmChain(input.own.number, family, "r"), answerRules(input, family, own).map(signed));
  }
  const isOn = input.farm.enabled;
  return {
    features: isOn ? ["stateless"] : [],
    objects,
    chains,
    elements: isOn ? [...rawDispatch(input), ...answerPlaces(input)] : [],
  };
}

/** Hooks that untrack both ways, and turn answers back. */
export const rawRules: readonly string[] = [
  "ip daddr . meta l4proto . th dport vmap @raw4",
  "ip6 daddr . meta l4proto . th dport vmap @raw6",
  "ip daddr . meta l4proto . th dport vmap @rawr4",
  "ip6 daddr . meta l4proto . th dport vmap @rawr6",
  "ip saddr . meta l4proto . th sport @unt4 notrack",
  "ip6 saddr . meta l4proto . th sport @unt6 notrack",
  "ip saddr . meta l4proto . th sport @untr4 notrack",
  "ip6 saddr . meta l4proto . th sport @untr6 notrack",
];

export const answerHookRules: readonly string[] = [
  "ip saddr . meta l4proto . th sport vmap @ret4",
  "ip6 saddr . meta l4proto . th sport vmap @ret6",
  "ip saddr . meta l4proto . th sport vmap @retr4",
  "ip6 saddr . meta l4proto . th sport vmap @retr6",
];

/** By address: packets and bytes towards a backend and back. Their names begin like this, and the agent reads them. */
export const untrackedCounters = { towards: "si", back: "so" } as const;

type Named = readonly [string, FarmObject];
type Own = { readonly slots: Named; readonly ports: Named; readonly towards: Named; readonly back: Named };

/** Any modulus will do for the type; a hash in its place would crash the listing of nft 1.0.6. */
const slotNumber = "numgen inc mod 65536";

function ownObjects(input: PartInput, family: Family): Own {
  const { number } = input.own;
  const address = family === 4 ? "ipv4_addr" : "ipv6_addr";
  const members = input.members.filter(({ eff }) => eff.family === family);
  const places = new Map(members.map(({ backend }) => [backend.address, ""]));
  const mapped = members.flatMap(({ backend: { address: to, port } }) =>
    port === null ? [] : [[to, `${port}`] as const],
  );
  const counting: ObjectDeclaration = { kind: "set", type: address, options: ["counter"] };
  const slots: ObjectDeclaration = { kind: "map", type: `typeof ${slotNumber} : ${header(family)} daddr`, options: [] };
  const ports: ObjectDeclaration = { kind: "map", type: `${address} : inet_service`, options: [] };
  return {
    slots: farmObject("st", number, family, slots, slotElements(input, family)),
    ports: farmObject("sp", number, family, ports, new Map(mapped)),
    towards: farmObject(untrackedCounters.towards, number, family, counting, places),
    back: farmObject(untrackedCounters.back, number, family, counting, places),
  };
}

function slotElements(input: PartInput, family: Family): Elements {
  const addressOf = new Map(input.members.map(({ id, backend }) => [id, backend.address]));
  return new Map(Array.from(slotOrder(input, family), (id, slot) => [String(slot), addressOf.get(id) ?? ""]));
}

/** A packet that found no slot (its rule was just replaced) still has the VIP as its destination: dropped, sent again by its client. */
function requestRules(input: PartInput, family: Family, { slots, ports, towards }: Own): string[] {
  const { farm, own } = input;
  const ip = header(family);
  const { modulus } = own.slots[family];
  const vip = vipOf(input, family);
  if (modulus === 0) return nobodyRules(farm.onAllDown);
  const mapsPorts = ports[1].elements.size > 0;
  return [
    `notrack ${ip} daddr set ${generator(farm, family, modulus)} map @${slots[0]}`,
    `${ip} daddr @${towards[0]}${mapsPorts ? ` ${farm.protocol} dport set ${ip} daddr map @${ports[0]}` : ""}`,
    `${ip} daddr ${vip} counter drop`,
  ];
}

function nobodyRules(onAllDown: PartInput["farm"]["onAllDown"]): string[] {
  if (onAllDown === "drop") return ["counter drop"];
  return ["notrack meta l4proto tcp counter reject with tcp reset", "counter reject"];
}

/** Where a port is mapped the farm has one port only, so every answer comes from that one. */
function answerRules(input: PartInput, family: Family, { back, ports }: Own): string[] {
  const { farm } = input;
  const ip = header(family);
  const portBack = ports[1].elements.size > 0 ? ` ${farm.protocol} sport set ${farm.ports[0]}` : "";
  return [`${ip} saddr @${back[0]}`, `${ip} saddr set ${vipOf(input, family)}${portBack}`];
}

/** Every place an answer may come from, whatever its backend's state: in the set that untracks and in the map that turns. */
function answerPlaces(input: PartInput): PartOutput {
  return input.families.flatMap((family): PartOutput => {
    const verdict = `goto ${farmChain(input.own.number, family, "r")}`;
    const exact = new Map<string, string>();
    const spans = new Map<string, string>();
    for (const { backend, eff } of input.members) {
      if (eff.family !== family) continue;
      for (const { from, to } of portRanges(backend.port === null ? input.farm.ports : [backend.port])) {
        const key = `${backend.address} . ${input.farm.protocol} . `;
        if (from === to) exact.set(`${key}${from}`, verdict);
        else spans.set(`${key}${from}-${to}`, verdict);
      }
    }
    const names: readonly ObjectName[] =
      family === 4 ? ["ret4", "unt4", "retr4", "untr4"] : ["ret6", "unt6", "retr6", "untr6"];
    const keys = (map: Elements) => new Map(Array.from(map.keys(), (key) => [key, ""]));
    const contents = [exact, keys(exact), spans, keys(spans)];
    return names.map((name, at) => [name, contents[at] ?? new Map()]);
  });
}

/** Such a farm has one address of each family: an answer does not say which of several was asked. */
function vipOf({ farm }: PartInput, family: Family): string {
  return farm.addresses.find((address) => address.includes(":") === (family === 6)) ?? "";
}

function header(family: Family): string {
  return family === 4 ? "ip" : "ip6";
}
