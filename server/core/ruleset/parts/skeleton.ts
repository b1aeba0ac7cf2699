/**
 * What every ruleset has whatever its farms: the maps and sets, the shared tail and the hooks that only new connections or ours pass. Big maps are bound from one rule each:
 * the kernel walks a bound map once per chain that binds it. Changing anything here means raising the layout marker in model.ts.
 * Marks of others pass every hook but dispatch untouched and uncounted.
 */
import { markText } from "../../allocation/marks.ts";
import { layoutChain, type ObjectDeclaration, type ObjectName } from "../model.ts";
import { missRule, refusalRules, refuseHookRules } from "./refuse.ts";

const place4 = "ipv4_addr . inet_proto . inet_service";
const place6 = "ipv6_addr . inet_proto . inet_service";
const dispatch4 = `${place4} : verdict`;
const dispatch6 = `${place6} : verdict`;

/** Entries of the shared sticky map. A full map refuses new entries; who is in stays in. */
export const stickySizeMax = 1_048_576;
const stickyOptions: readonly string[] = [`size ${stickySizeMax}`, "flags dynamic,timeout"];

export const objects: Readonly<Record<ObjectName, ObjectDeclaration>> = {
  svc4: { kind: "map", type: dispatch4, options: [] },
  svc6: { kind: "map", type: dispatch6, options: [] },
  rng4: { kind: "map", type: dispatch4, options: ["flags interval"] },
  rng6: { kind: "map", type: dispatch6, options: ["flags interval"] },
  all4: { kind: "map", type: "ipv4_addr : verdict", options: [] },
  all6: { kind: "map", type: "ipv6_addr : verdict", options: [] },
  slots: { kind: "map", type: "mark : mark", options: [] },
  be4: { kind: "map", type: "mark : ipv4_addr . inet_service", options: ["counter"] },
  ba4: { kind: "map", type: "mark : ipv4_addr", options: ["counter"] },
  be6: { kind: "map", type: "mark : ipv6_addr . inet_service", options: ["counter"] },
  ba6: { kind: "map", type: "mark : ipv6_addr", options: ["counter"] },
  bin: { kind: "set", type: "mark", options: ["counter"] },
  bout: { kind: "set", type: "mark", options: ["counter"] },
  snat4: { kind: "map", type: "mark : ipv4_addr", options: [] },
  snat6: { kind: "map", type: "mark : ipv6_addr", options: [] },
  masq: { kind: "set", type: "mark", options: [] },
  members4: { kind: "set", type: "ipv4_addr", options: [] },
  members6: { kind: "set", type: "ipv6_addr", options: [] },
  cut_orig: { kind: "set", type: "mark", options: [] },
  cut_reply: { kind: "set", type: "mark", options: [] },
  sticky4: { kind: "map", type: "mark . ipv4_addr : mark", options: stickyOptions },
  guard4: { kind: "map", type: dispatch4, options: [] },
  guard6: { kind: "map", type: dispatch6, options: [] },
  grng4: { kind: "map", type: dispatch4, options: ["flags interval"] },
  grng6: { kind: "map", type: dispatch6, options: ["flags interval"] },
  gall4: { kind: "map", type: "ipv4_addr : verdict", options: [] },
  gall6: { kind: "map", type: "ipv6_addr : verdict", options: [] },
  // what filters turned away, by farm and reason; entries of farms that are gone go by themselves
  turned: { kind: "set", type: "mark", options: ["size 65536", "flags dynamic,timeout"] },
  qos: { kind: "map", type: "mark : verdict", options: [] },
  syn4: { kind: "set", type: "ipv4_addr . inet_service", options: ["flags interval"] },
  syn6: { kind: "set", type: "ipv6_addr . inet_service", options: ["flags interval"] },
  // forwarding without tracking: requests by where they go; answers by where they come from, untracked and turned
  raw4: { kind: "map", type: dispatch4, options: [] },
  raw6: { kind: "map", type: dispatch6, options: [] },
  rawr4: { kind: "map", type: dispatch4, options: ["flags interval"] },
  rawr6: { kind: "map", type: dispatch6, options: ["flags interval"] },
  unt4: { kind: "set", type: place4, options: [] },
  unt6: { kind: "set", type: place6, options: [] },
  untr4: { kind: "set", type: place4, options: ["flags interval"] },
  untr6: { kind: "set", type: place6, options: ["flags interval"] },
  ret4: { kind: "map", type: dispatch4, options: [] },
  ret6: { kind: "map", type: dispatch6, options: [] },
  retr4: { kind: "map", type: dispatch4, options: ["flags interval"] },
  retr6: { kind: "map", type: dispatch6, options: ["flags interval"] },
  // direct return, in the table netdev, which is there only while a farm needs it
  dsr4: { kind: "map", type: dispatch4, options: [] },
  dsr6: { kind: "map", type: dispatch6, options: [] },
  dsrr4: { kind: "map", type: dispatch4, options: ["flags interval"] },
  dsrr6: { kind: "map", type: dispatch6, options: ["flags interval"] },
};

export type FixedChain = {
  readonly name: string;
  /** null: a chain that others jump to */
  readonly hook: string | null;
  readonly rules: readonly string[];
};

/** In an order in which every jump finds its target. */
export function fixedChains(tag: number): FixedChain[] {
  const notOurs = `ct mark & 0x7f000000 != ${markText(tag << 24)}`;
  return [
    plain(layoutChain, []),
    plain("dnat4", [
      "meta l4proto { tcp, udp, sctp } dnat ip addr . port to ct mark map @be4",
      "dnat ip to ct mark map @ba4",
    ]),
    plain("dnat6", [
      "meta l4proto { tcp, udp, sctp } dnat ip6 addr . port to ct mark map @be6",
      "dnat ip6 to ct mark map @ba6",
    ]),
    plain("pick", ["ct mark set ct mark map @slots"]),
    plain("sched4", ["ct mark set ct mark map @slots", "jump dnat4", missRule(tag)]),
    plain("sched6", ["ct mark set ct mark map @slots", "jump dnat6", missRule(tag)]),
    plain("refusal", refusalRules(tag)),
    // marks of others are in neither set: no rule asks for the tag first, which would cost ours and save theirs
    plain("accounting", ["ct direction original ct mark @bin accept", "ct direction reply ct mark @bout"]),
    hooked("dispatch", "type nat hook prerouting priority dstnat - 10", dispatchRules),
    hooked("dispatch_local", "type nat hook output priority -110", dispatchRules),
    hooked("refuse", "type filter hook prerouting priority dstnat + 1", refuseHookRules(tag)),
    hooked("refuse_local", "type filter hook output priority -90", refuseHookRules(tag)),
    hooked("source", "type nat hook postrouting priority srcnat", [
      `${notOurs} accept`,
      "ct mark @masq masquerade",
      "snat ip to ct mark map @snat4",
      "snat ip6 to ct mark map @snat6",
      "ct status dnat ip saddr @members4 masquerade",
      "ct status dnat ip6 saddr @members6 masquerade",
    ]),
    hooked("account", "type filter hook forward priority filter", ["jump accounting"]),
    hooked("account_in", "type filter hook input priority filter", ["jump accounting"]),
    hooked("account_out", "type filter hook output priority filter", ["jump accounting"]),
  ];
}

const dispatchRules: readonly string[] = [
  "ip daddr . meta l4proto . th dport vmap @svc4",
  "ip6 daddr . meta l4proto . th dport vmap @svc6",
  "ip daddr . meta l4proto . th dport vmap @rng4",
  "ip6 daddr . meta l4proto . th dport vmap @rng6",
  "ip daddr vmap @all4",
  "ip6 daddr vmap @all6",
];

function plain(name: string, rules: readonly string[]): FixedChain {
  return { name, hook: null, rules };
}

function hooked(name: string, hook: string, rules: readonly string[]): FixedChain {
  return { name, hook: `${hook}; policy accept;`, rules };
}
