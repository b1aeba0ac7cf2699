/**
 * Where each VIP lives, seen from the balancer, and what the host's own settings would do to the traffic. Nothing is changed here: what
 * is missing is shown with the exact command.
 */
import type { VipState } from "../core/metrics/live.ts";
import { addressWithin } from "./address-prefix.ts";

export type Interface = { readonly name: string; readonly address: string; readonly prefixLength: number };

/** A VIP is "routed" when new connections to it were counted in the last 5 minutes though no interface carries it. */
export function vipState(
  address: string,
  interfaces: readonly Interface[] | null,
  wasCountedLately: boolean,
): VipState {
  if (interfaces === null) return { address, place: "unknown", command: null };
  if (interfaces.some((each) => each.address === address)) return { address, place: "local", command: null };
  if (wasCountedLately) return { address, place: "routed", command: null };
  return { address, place: "not-here", command: addCommand(address, interfaces) };
}

/** On the interface whose network holds the VIP, else on the loopback (a routed VIP). */
function addCommand(address: string, interfaces: readonly Interface[]): string {
  const six = address.includes(":");
  const near = interfaces.find(
    (each) => each.name !== "lo" && each.address.includes(":") === six && holds(each, address),
  );
  return `ip addr add ${address}/${six ? 128 : 32} dev ${near?.name ?? "lo"}`;
}

function holds(each: Interface, address: string): boolean {
  return addressWithin(address, each.address, each.prefixLength);
}

/** Settings of this network namespace; null = the file is not there or cannot be read. */
export type HostFacts = {
  readonly forward4: boolean | null;
  readonly forward6: boolean | null;
  /** strictest rp_filter in force on any interface: 0 off, 1 strict, 2 loose */
  readonly rpFilter: number | null;
  /** interfaces where it is strict; how many there are besides the loopback */
  readonly strictInterfaces: readonly string[];
  readonly interfaceCount: number;
  readonly conntrackUsed: number | null;
  readonly conntrackMax: number | null;
};

export const rpFilterStrict = 1;

/** Nothing known yet. */
export const unknownFacts: HostFacts = {
  forward4: null,
  forward6: null,
  rpFilter: null,
  strictInterfaces: [],
  interfaceCount: 0,
  conntrackUsed: null,
  conntrackMax: null,
};

export type FarmTraffic = {
  readonly hasV4: boolean;
  readonly hasV6: boolean;
  readonly isEnabled: boolean;
  /** new connections per second of the whole farm; null = not known */
  readonly newPerS: number | null;
  /** connections in SYN_SENT without an answer, by backend name */
  readonly unanswered: readonly { readonly name: string; readonly count: number }[];
  readonly place: readonly VipState[];
  /** what the preflight found in the rules of others, for this farm */
  readonly foreign: readonly string[];
};

const fullPct = 90;
const unansweredMin = 3;

/** Reasons for no or wrong traffic, as sentences, worst first. */
export function farmHints(facts: HostFacts, farm: FarmTraffic): string[] {
  const hints: string[] = [];
  if (!farm.isEnabled) return hints;
  if (farm.hasV4 && facts.forward4 === false)
    hints.push("IPv4 forwarding is off, so nothing reaches the backends: sysctl -w net.ipv4.ip_forward=1");
  if (farm.hasV6 && facts.forward6 === false)
    hints.push("IPv6 forwarding is off, so nothing reaches the backends: sysctl -w net.ipv6.conf.all.forwarding=1");
  hints.push(...farm.foreign);
  const fill = conntrackFillPct(facts);
  if (fill !== null && fill >= fullPct)
    hints.push(
      `Connection tracking is ${fill.toFixed(0)} % full (${facts.conntrackUsed} of ${facts.conntrackMax}); ` +
        "at 100 % new connections are dropped: raise net.netfilter.nf_conntrack_max",
    );
  for (const vip of farm.place) {
    if (vip.place === "not-here")
      hints.push(`Nothing has arrived for ${vip.address}; route it to this balancer or add it: ${vip.command}`);
  }
  for (const { name, count } of farm.unanswered) {
    if (count >= unansweredMin)
      hints.push(`SYN without answer: ${count} connections to ${name} wait; the backend's route does not lead back`);
  }
  if (farm.hasV4 && facts.rpFilter === rpFilterStrict && farm.newPerS === 0)
    hints.push(
      "Strict reverse-path filtering (rp_filter = 1) drops packets that come in by another interface than they leave",
    );
  return hints;
}

/** null = not known */
export function conntrackFillPct(facts: Pick<HostFacts, "conntrackUsed" | "conntrackMax">): number | null {
  const { conntrackUsed, conntrackMax } = facts;
  return conntrackUsed === null || conntrackMax === null || conntrackMax === 0
    ? null
    : (100 * conntrackUsed) / conntrackMax;
}
