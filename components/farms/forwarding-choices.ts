/** Protocols and ways of forwarding as the form offers them, each with what it means for clients and backends. */
import type { Farm } from "@/server/core/farm/types.ts";

type Choice<T> = { readonly value: T; readonly label: string; readonly hint: string };

export const protocols: readonly Choice<Farm["protocol"]>[] = [
  { value: "tcp", label: "TCP", hint: "" },
  { value: "udp", label: "UDP", hint: "" },
  { value: "sctp", label: "SCTP", hint: "Associations with one address at each end." },
  {
    value: "all",
    label: "All protocols",
    hint: "Every port of TCP, UDP and SCTP, ping and the rest, at the client's port.",
  },
];

export const forwardings: readonly Choice<Farm["forwarding"]>[] = [
  {
    value: "dnat",
    label: "Destination NAT",
    hint: "Backends see the client's address and must route back through here.",
  },
  { value: "snat", label: "Source NAT", hint: "Backends see this balancer's address; no route back is needed." },
  {
    value: "stateless",
    label: "Stateless",
    hint: "Addresses are rewritten without tracking connections. TCP needs a hash; UDP is scheduled datagram by datagram. Backends see the client's address and must route back through here. Connections are not counted, kept on drain or cut.",
  },
  {
    value: "dsr",
    label: "Direct return",
    hint: "Frames go to the backend's hardware address and answers straight to the client: the fastest way. Backends must be directly connected, keep the port and carry the VIP themselves. Connections are not counted or cut.",
  },
];

/** What a backend needs for direct return: the VIP on its loopback, and silence about it on the network. */
export function directReturnCommands(addresses: readonly string[]): string[] {
  const carry = addresses.map((address) => `ip addr add ${address}/${address.includes(":") ? 128 : 32} dev lo`);
  return [...carry, "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2"];
}
