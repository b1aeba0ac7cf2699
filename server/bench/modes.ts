/**
 * Forwarding without tracking against dnat: new connections a CPU second (of client, servers and kernel), one farm with one
 * backend. With direct return the answers take a link of their own past the balancer, as they do in a real network.
 */
import { randomUUID } from "node:crypto";
import { farmOf, scriptOf } from "./farms.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import type { Site } from "./peer-configs.ts";
import { conntrackOnly, noBalancer, type Peer } from "./peers.ts";
import { type Sample, sampleOf } from "./sample.ts";
import { median, medianRatio, type Row, spreadPct } from "./table.ts";

const byHash = { scheduler: "source-hash", hashFields: ["source-address", "source-port"] };
const reference = mode("dnat", byHash);
const peers: readonly Peer[] = [
  noBalancer,
  conntrackOnly,
  reference,
  mode("stateless", { ...byHash, forwarding: "stateless" }),
  directReturn(),
];

export async function benchModes(options: { rounds: number; connections: number }): Promise<Row[]> {
  const hosts = openHosts();
  const site = { vips: hosts.vips(1), backends: hosts.backends(1) };
  const samples = new Map<Peer, Sample[]>(peers.map((peer) => [peer, []]));
  try {
    for (let round = 0; round < options.rounds; round++)
      // each round begins with another peer
      for (let at = 0; at < peers.length; at++) {
        const peer = peers[(at + round) % peers.length];
        if (peer !== undefined) samples.get(peer)?.push(await sampleOf(hosts, peer, site, options.connections));
      }
  } finally {
    hosts.close();
  }
  return peers.map((peer) => row(peer, samples));
}

function row(peer: Peer, samples: ReadonlyMap<Peer, readonly Sample[]>): Row {
  const perCpuS = (of: Peer) => (samples.get(of) ?? []).map(({ cpuUs }) => 1_000_000 / cpuUs);
  const list = samples.get(peer) ?? [];
  return {
    name: peer.name,
    figures: {
      "conn per CPU s": median(perCpuS(peer)).toFixed(0),
      "x dnat": medianRatio(perCpuS(peer), perCpuS(reference)).toFixed(2),
      "conn/s": median(list.map(({ perS }) => perS)).toFixed(0),
      "p99 ms": median(list.map(({ p99Ms }) => p99Ms)).toFixed(2),
      "spread %": spreadPct(perCpuS(peer)).toFixed(0),
      failed: String(list.reduce((sum, { failed }) => sum + failed, 0)),
    },
  };
}

function vipOf(site: Site): string {
  return site.vips[0] ?? "";
}

function mode(name: string, more: object): Peer {
  return {
    name,
    target: vipOf,
    async setUp(hosts, site) {
      await hosts.run("balancer", ["nft", "-f", "-"], scriptOf([farmOf("bench", vipOf(site), site.backends, more)]));
      return null;
    },
  };
}

function directReturn(): Peer {
  return {
    name: "direct return",
    target: vipOf,
    async setUp(hosts, site) {
      hosts.addDirectWay();
      const farm = farmOf("bench", vipOf(site), site.backends, {
        ...byHash,
        forwarding: "dsr",
        backends: direct(site),
      });
      await hosts.run("balancer", ["nft", "-f", "-"], scriptOf([farm], await linksOf(hosts, site)));
      return async () => hosts.removeDirectWay();
    },
  };
}

/** Frames keep their port. */
function direct(site: Site): object[] {
  return site.backends.map((address, at) => ({ id: randomUUID(), name: `b${at}`, address, port: null }));
}

async function linksOf(hosts: Hosts, site: Site) {
  const macOf = async (host: "balancer" | "servers", device: string) =>
    (await hosts.run(host, ["cat", `/sys/class/net/${device}/address`])).trim();
  const mac = await macOf("servers", "s0");
  return {
    neighbours: new Map(site.backends.map((address) => [address, { mac, device: "s1" }])),
    macs: new Map([["s1", await macOf("balancer", "s1")]]),
    arrival: () => "c1",
  };
}
