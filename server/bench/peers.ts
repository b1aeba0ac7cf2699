/** What stands between client and servers in a traffic row: nothing, Sluice's own rules, Debian's nftlb, HAProxy in TCP mode. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { farmOf, scriptOf } from "./farms.ts";
import type { Hosts } from "./hosts.ts";

export type Peer = {
  readonly name: string;
  /** Address the client asks. */
  target(hosts: Hosts): string;
  setUp(hosts: Hosts): Promise<() => Promise<void>>;
};

const flush = async (hosts: Hosts) => {
  await hosts.run("balancer", ["nft", "flush", "ruleset"]);
};

export const peers: readonly Peer[] = [
  { name: "no balancer", target: (hosts) => hosts.backends[0] ?? hosts.vip, setUp: async () => async () => {} },
  {
    name: "sluice",
    target: (hosts) => hosts.vip,
    async setUp(hosts) {
      await hosts.run("balancer", ["nft", "-f", "-"], scriptOf([farmOf("bench", hosts.vip, hosts.backends)]));
      return () => flush(hosts);
    },
  },
  {
    name: "nftlb",
    target: (hosts) => hosts.vip,
    async setUp(hosts) {
      const file = join(hosts.folder, "nftlb.json");
      writeFileSync(file, JSON.stringify(nftlbFarm(hosts)));
      await hosts.run("balancer", ["nftlb", "-e", "-c", file]);
      return () => flush(hosts);
    },
  },
  {
    name: "haproxy tcp",
    target: (hosts) => hosts.vip,
    async setUp(hosts) {
      const file = join(hosts.folder, "haproxy.cfg");
      writeFileSync(file, haproxyConfig(hosts));
      const pid = hosts.start("balancer", ["haproxy", "-db", "-f", file]);
      await answering(hosts);
      return async () => hosts.stop(pid);
    },
  },
];

/** Resolves when the VIP takes a connection: the proxy needs a moment to bind. Bounded by 10 s. */
async function answering(hosts: Hosts): Promise<void> {
  await hosts.run("client", [
    "timeout",
    "10",
    "bash",
    "-c",
    `until (exec 3<>/dev/tcp/${hosts.vip}/80); do sleep 0.05; done 2>/dev/null`,
  ]);
}

function nftlbFarm(hosts: Hosts): object {
  return {
    farms: [
      {
        name: "bench",
        family: "ipv4",
        "virtual-addr": hosts.vip,
        "virtual-ports": "80",
        mode: "dnat",
        protocol: "tcp",
        scheduler: "rr",
        state: "up",
        backends: hosts.backends.map((address, i) => ({
          name: `b${i}`,
          "ip-addr": address,
          port: "80",
          weight: "1",
          state: "up",
        })),
      },
    ],
  };
}

function haproxyConfig(hosts: Hosts): string {
  const servers = hosts.backends.map((address, i) => `  server b${i} ${address}:80`).join("\n");
  return `global\n  maxconn 8000\n  nbthread 2\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\nlisten bench\n  bind ${hosts.vip}:80\n  balance roundrobin\n${servers}\n`;
}
