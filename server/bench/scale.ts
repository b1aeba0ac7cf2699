/**
 * Which sizes and peers the traffic rows compare. Sluice and nftlb at every size (that nftlb loads); those that walk their rules, and the proxies, at the
 * smallest and the largest; what balances nothing once.
 */
import { conntrackOnly, haproxy, iptables, nftlb, nginx, noBalancer, oneDnatRule, type Peer, sluice } from "./peers.ts";
import type { Entry } from "./traffic.ts";

type Size = { readonly farms: number; readonly backends: number };

/** Each farm costs Debian's nftlb more than the one before: 200 take seconds, 400 a minute, and of 1,000 the last never answered. */
const nftlbFarmsMax = 200;

export function entriesOf(sizes: readonly Size[]): Entry[] {
  const ends = sizes.length > 1 ? [...sizes.slice(0, 1), ...sizes.slice(-1)] : sizes;
  return [
    ...at([noBalancer, conntrackOnly, oneDnatRule], sizes.slice(0, 1)),
    ...at([sluice], sizes),
    ...at(
      [nftlb],
      sizes.filter(({ farms }) => farms <= nftlbFarmsMax),
    ),
    ...at([iptables, haproxy, nginx], ends),
  ];
}

function at(peers: readonly Peer[], sizes: readonly Size[]): Entry[] {
  return peers.flatMap((peer) => sizes.map((size) => ({ peer, ...size })));
}
