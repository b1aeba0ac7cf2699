/**
 * SYN proxy: the balancer answers a client's SYN itself, without remembering it, and asks a backend only when the client has proved
 * that it is there. The SYN is not tracked; what comes without a connection is the proxy's, in input where the balancer carries the VIP and in
 * forward where it is routed here; the proxied SYN leaves by the output hooks, which filter, balance and count it.
 * A client that the proxy answered believes to be connected, and no reset of ours is in its window: where nobody serves there is no proxy, so
 * that it is refused at its SYN.
 * Needs nf_conntrack_tcp_loose=0: else the client's ACK is taken for a connection that began before tracking did.
 */
import { portRanges } from "../../farm/ports.ts";
import type { Family } from "../../farm/types.ts";
import { nothingOwn, type OwnOutput, type PartInput } from "./part.ts";

export function synproxyPart({ farm, families, own, sorry }: PartInput): OwnOutput {
  if (!farm.policy.synProxy || !farm.enabled) return nothingOwn;
  const ranges = farm.ports.length === 0 ? [everyPort] : portRanges(farm.ports);
  const places = (family: Family) =>
    farm.addresses
      .filter((address) => address.includes(":") === (family === 6))
      .flatMap((address) =>
        ranges.map(({ from, to }) => [`${address} . ${from === to ? from : `${from}-${to}`}`, ""] as const),
      );
  const served = families.filter((family) => own.slots[family].modulus > 0 || sorry?.eff.family === family);
  const elements = served.map((family) => [family === 4 ? "syn4" : "syn6", new Map(places(family))] as const);
  return { ...nothingOwn, features: ["synproxy"], elements };
}

const everyPort = { from: 0, to: 65_535 };
const syn = "tcp flags & (fin|syn|rst|ack) == syn";
/** What servers of our time announce: an Ethernet's segment size, a window scale that fits most, timestamps, selective ACKs. */
const answer = "synproxy mss 1460 wscale 7 timestamp sack-perm";

/**
 * The proxy's own third step of the handshake with the backend, the only one here with a client's address. The kernel corrects its echo
 * of the backend's time twice; Linux 6.14 and later refuse such an ACK, and the connection waits until one of them repeats itself. Without
 * the option it is taken.
 */
const ownAck = "tcp flags & (fin|syn|rst|ack) == ack fib saddr type != local";

function each(rule: (place: string) => string): string[] {
  return ["ip daddr . tcp dport @syn4", "ip6 daddr . tcp dport @syn6"].map(rule);
}

/** Chain, hook and rules; all of them only while a farm asks for it. */
export const synproxyHooks: readonly {
  readonly name: string;
  readonly at: string;
  readonly rules: readonly string[];
}[] = [
  { name: "synproxy_prerouting", at: "prerouting priority raw", rules: each((place) => `${syn} ${place} notrack`) },
  {
    name: "synproxy_output",
    at: "output priority mangle",
    rules: each((place) => `${ownAck} ${place} reset tcp option timestamp`),
  },
  ...["input", "forward"].map((hook) => ({
    name: `synproxy_${hook}`,
    at: `${hook} priority filter`,
    rules: [
      ...each((place) => `ct state invalid,untracked ${place} ${answer}`),
      ...each((place) => `ct state invalid ${place} drop`),
    ],
  })),
];
