/**
 * The lab's network as data: which namespaces, links, addresses, routes and sysctls it has. Clients and backends meet only through
 * the balancer: each backend has a point-to-point link to it and its default route leads back through it.
 */
import { backendAddresses, backendName, clientAddresses, gateway, namespaceOf, vipsAtStart } from "./places.ts";

export type NetworkPlan = {
  readonly namespaces: readonly string[];
  /** lines for `ip -batch -` outside: the veth pairs */
  readonly links: readonly string[];
  readonly inside: readonly {
    readonly namespace: string;
    /** lines for `ip -n NAMESPACE -batch -` */
    readonly ip: readonly string[];
    /** path below /proc/sys/net -> value */
    readonly sysctls: readonly (readonly [string, string])[];
  }[];
};

/** Duplicate address detection would hold back the first IPv6 packets for two seconds. */
const noDad: readonly (readonly [string, string])[] = [
  ["ipv6/conf/default/accept_dad", "0"],
  ["ipv6/conf/default/dad_transmits", "0"],
];

/** `groupMax`: the last group id that exists in the lab's user namespace; groups up to it may ping by datagram sockets. */
export function planNetwork(runId: string, backends: number, groupMax: number): NetworkPlan {
  const balancer = namespaceOf(runId, "balancer");
  const clients = namespaceOf(runId, "clients");
  const names = Array.from({ length: backends }, (_, i) => namespaceOf(runId, backendName(i)));
  return {
    namespaces: [balancer, clients, ...names],
    links: [
      `link add front netns ${balancer} type veth peer name eth0 netns ${clients}`,
      ...names.map((name, i) => `link add back${i + 1} netns ${balancer} type veth peer name eth0 netns ${name}`),
    ],
    inside: [
      planBalancer(balancer, backends, groupMax),
      planClients(clients),
      ...names.map((namespace, i) => planBackend(namespace, i)),
    ],
  };
}

export function vipCommand(verb: "add" | "del", address: string): string {
  return address.includes(":")
    ? `addr ${verb} ${address}/128 dev front${verb === "add" ? " nodad" : ""}`
    : `addr ${verb} ${address}/32 dev front`;
}

/** The balancer's host configuration: it forwards, and it carries the VIPs. The agent sets none of this. */
function planBalancer(namespace: string, backends: number, groupMax: number): NetworkPlan["inside"][number] {
  const ip = [
    "link set lo up",
    "link set front up",
    `addr add ${gateway.front4}/24 dev front`,
    `addr add ${gateway.front6}/64 dev front nodad`,
    ...vipsAtStart.map((address) => vipCommand("add", address)),
  ];
  for (let i = 0; i < backends; i++) {
    const { v4, v6 } = backendAddresses(i);
    const device = `back${i + 1}`;
    ip.push(
      `link set ${device} up`,
      `addr add ${gateway.back4}/32 dev ${device}`,
      `addr add ${gateway.back6}/128 dev ${device} nodad`,
      `route add ${v4}/32 dev ${device}`,
      `route add ${v6}/128 dev ${device}`,
    );
  }
  return {
    namespace,
    ip,
    sysctls: [
      ...noDad,
      ["ipv4/ip_forward", "1"],
      ["ipv6/conf/all/forwarding", "1"],
      ["ipv4/conf/all/rp_filter", "0"],
      ["ipv4/conf/default/rp_filter", "0"],
      ["ipv4/ping_group_range", `0 ${groupMax}`],
    ],
  };
}

function planClients(namespace: string): NetworkPlan["inside"][number] {
  return {
    namespace,
    ip: [
      "link set lo up",
      "link set eth0 up",
      ...clientAddresses.v4.map((address) => `addr add ${address}/24 dev eth0`),
      ...clientAddresses.v6.map((address) => `addr add ${address}/64 dev eth0 nodad`),
      `route add default via ${gateway.front4}`,
      `route add ::/0 via ${gateway.front6}`,
    ],
    // short-lived connections from few addresses: let the ports come back early
    sysctls: [...noDad, ["ipv4/ip_local_port_range", "10240 65000"], ["ipv4/tcp_tw_reuse", "1"]],
  };
}

function planBackend(namespace: string, index: number): NetworkPlan["inside"][number] {
  const { v4, v6 } = backendAddresses(index);
  return {
    namespace,
    ip: [
      "link set lo up",
      "link set eth0 up",
      `addr add ${v4}/32 dev eth0`,
      `addr add ${v6}/128 dev eth0 nodad`,
      `route add ${gateway.back4}/32 dev eth0`,
      `route add default via ${gateway.back4} dev eth0`,
      `route add ${gateway.back6}/128 dev eth0`,
      `route add ::/0 via ${gateway.back6} dev eth0`,
    ],
    // the backend listens on port 80 without any capability
    sysctls: [...noDad, ["ipv4/ip_unprivileged_port_start", "0"]],
  };
}
