/**
 * Direct return: a frame for the VIP gets the backend's hardware address and leaves at once, before the host's own stack sees it; the
 * backend, which has the VIP on its loopback, answers the client past the balancer. A flow (client address and port) keeps its backend
 * while it lives: it is remembered by a hash of 32 bits, because nft 1.0.6 aborts on an IPv6 address and a port as the key of an update.
 * Two flows of one hash share a backend, which harms neither.
 */

import { linkOf } from "../../farm/host-view.ts";
import type { Family } from "../../farm/types.ts";
import { deviceText, type Elements, type FarmObject, type ObjectDeclaration } from "../model.ts";
import { signed } from "../signature.ts";
import { directDispatch } from "./dispatch.ts";
import { farmChain, farmObject, nothingOwn, type OwnOutput, type PartInput } from "./part.ts";
import { generator, slotOrder } from "./slots.ts";

/** A stopped farm leaves nothing: its flows are forgotten. */
export function dsrPart(input: PartInput): OwnOutput {
  const { farm, own, families } = input;
  if (farm.forwarding !== "dsr" || !farm.enabled) return nothingOwn;
  const objects = new Map<string, FarmObject>();
  const chains = new Map<string, readonly string[]>();
  for (const family of families) {
    const named = ownObjects(input, family);
    for (const [name, object] of Object.values(named)) objects.set(name, object);
    chains.set(farmChain(own.number, family, "dsro"), leavingRules(named).map(signed));
    chains.set(farmChain(own.number, family, "dsr"), flowRules(input, family, named).map(signed));
  }
  const devices = farm.addresses.flatMap((address) => input.host.arrival(address) ?? []);
  return {
    features: ["dsr", ...new Set(devices.map((device) => `ingress:${device}` as const))],
    objects,
    chains,
    elements: directDispatch(input),
  };
}

/** Packets and bytes towards a backend by its hardware address; answers never pass here. */
export const directCounters = "dsrc";

export const ingressRules: readonly string[] = [
  "ip daddr . meta l4proto . th dport vmap @dsr4",
  "ip6 daddr . meta l4proto . th dport vmap @dsr6",
  "ip daddr . meta l4proto . th dport vmap @dsrr4",
  "ip6 daddr . meta l4proto . th dport vmap @dsrr6",
];

const slotNumber = "numgen inc mod 65536";
const flowsMax = 1_048_576;
/** without a packet for so long a flow is over */
const flowTimeoutS = { tcp: 900, udp: 60 } as const;

type Named = readonly [string, FarmObject];
type Own = Readonly<Record<"slots" | "flows" | "devices" | "sources" | "counters", Named>>;

function ownObjects(input: PartInput, family: Family): Own {
  const { number } = input.own;
  const links = input.members.flatMap(({ id, backend, eff }) => {
    const link = eff.family === family ? linkOf(input.host, backend.address) : null;
    return link === null ? [] : [{ id, ...link }];
  });
  const macOf = new Map(links.map(({ id, mac }) => [id, mac]));
  const make = (prefix: string, declaration: ObjectDeclaration, elements?: Elements) =>
    farmObject(prefix, number, family, declaration, elements);
  const slots = Array.from(slotOrder(input, family)).flatMap((id, slot) => {
    const mac = macOf.get(id);
    return mac === undefined ? [] : [[String(slot), mac] as const];
  });
  const byNumber = `typeof ${slotNumber} : ether daddr`;
  return {
    slots: make("dsrm", { kind: "map", type: byNumber, options: [] }, new Map(slots)),
    flows: make("dsrf", { kind: "map", type: byNumber, options: [`size ${flowsMax}`, "flags dynamic,timeout"] }),
    devices: make(
      "dsrd",
      { kind: "map", type: "ether_addr : iface_index", options: [] },
      new Map(links.map(({ mac, device }) => [mac, deviceText(device)])),
    ),
    sources: make(
      "dsrs",
      { kind: "map", type: "ether_addr : ether_addr", options: [] },
      new Map(links.map(({ mac, ownMac }) => [mac, ownMac])),
    ),
    counters: make(
      directCounters,
      { kind: "set", type: "ether_addr", options: ["counter"] },
      new Map(links.map(({ mac }) => [mac, ""])),
    ),
  };
}

/**
 * A flow that is known goes on; a new one is scheduled, and one that found no slot is dropped and comes again. One whose backend is gone,
 * or has another hardware address, loses a packet and is scheduled with its next: "update" would keep it alive, and never change it.
 */
function flowRules(input: PartInput, family: Family, { slots, flows, counters }: Own): string[] {
  const { farm, own } = input;
  const flow = `jhash ${family === 4 ? "ip" : "ip6"} saddr . th sport mod 4294967295 seed 0x51ace01d`;
  const remember = `update @${flows[0]} { ${flow} timeout ${flowTimeoutS[farm.protocol === "udp" ? "udp" : "tcp"]}s : ether daddr }`;
  const isGone = `ether daddr != @${counters[0]}`;
  // a look-up that finds counts, so each way has one
  const isThere = `ether daddr @${counters[0]}`;
  const leave = `goto ${farmChain(own.number, family, "dsro")}`;
  const known = [
    `ether daddr set ${flow} map @${flows[0]} ${isGone} delete @${flows[0]} { ${flow} : ether daddr } counter drop`,
    `${isThere} ${remember} ${leave}`,
  ];
  const { modulus } = own.slots[family];
  if (modulus === 0) return [...known, ...nobodyRules(farm.onAllDown)];
  return [
    ...known,
    `ether daddr set ${generator(farm, family, modulus)} map @${slots[0]}`,
    `${isGone} counter drop`,
    remember,
    `${isThere} ${leave}`,
  ];
}

function nobodyRules(onAllDown: PartInput["farm"]["onAllDown"]): string[] {
  return onAllDown === "drop" ? ["counter drop"] : ["meta l4proto tcp counter reject with tcp reset", "counter reject"];
}

function leavingRules({ sources, devices }: Own): string[] {
  return [
    `ether saddr set ether daddr map @${sources[0]}`,
    `meta pkttype set host fwd to ether daddr map @${devices[0]}`,
  ];
}
