/**
 * What stands between client and servers in a traffic row. Every peer is set up in a balancer as after a boot, so none runs on hooks that
 * another left. All carry the same farms: `site.vips`, each with all of `site.backends`; the traffic goes to the last.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { farmOf, scriptOf } from "./farms.ts";
import type { Hosts } from "./hosts.ts";
import { haproxyConfig, iptablesRules, nftlbConfig, nginxConfig, type Site } from "./peer-configs.ts";

export type Peer = {
  readonly name: string;
  /** Address the client asks. */
  target(site: Site): string;
  /** Answers what ends it, where that is not the end of its balancer. */
  setUp(hosts: Hosts, site: Site): Promise<(() => Promise<void>) | null>;
};

const toVip = (site: Site) => site.vips.at(-1) ?? "";
const toServer = (site: Site) => site.backends[0] ?? "";

export const noBalancer: Peer = { name: "no balancer", target: toServer, setUp: async () => null };

/** Nothing is balanced, but every connection is tracked: what any balancer that tracks pays first. */
export const conntrackOnly = nftPeer("conntrack only", toServer, () => "ct state invalid counter");

export const oneDnatRule = nftPeer(
  "one dnat rule",
  toVip,
  (site) => `ip daddr ${toVip(site)} dnat to ${toServer(site)}`,
);

export const sluice: Peer = {
  name: "sluice",
  target: toVip,
  async setUp(hosts, { vips, backends }) {
    const farms = vips.map((vip, at) => farmOf(`farm-${at}`, vip, backends));
    await hosts.run("balancer", ["nft", "-f", "-"], scriptOf(farms));
    return null;
  },
};

/**
 * Its rules as it made them: with many farms it takes a minute to make them, so that is done once for each size and loaded as a listing after
 * that. It has no part in the traffic itself.
 */
export const nftlb: Peer = {
  name: "nftlb",
  target: toVip,
  async setUp(hosts, site) {
    const size = `${site.vips.length} x ${site.backends.length}`;
    const known = nftlbRules.get(size);
    if (known !== undefined) {
      await hosts.run("balancer", ["nft", "-f", "-"], known);
      return null;
    }
    const file = join(hosts.folder, "nftlb.json");
    writeFileSync(file, nftlbConfig(site));
    await hosts.run("balancer", ["nftlb", "-e", "-c", file]);
    nftlbRules.set(size, await hosts.run("balancer", ["nft", "list", "ruleset"]));
    return null;
  },
};

const nftlbRules = new Map<string, string>();

/** The talk's chains: one rule a backend, `statistic --mode nth`; the farms one after the other. */
export const iptables: Peer = {
  name: "iptables nth",
  target: toVip,
  async setUp(hosts, site) {
    await hosts.run("balancer", ["iptables-legacy-restore"], iptablesRules(site));
    return null;
  },
};

export const haproxy = proxy("haproxy tcp", "haproxy.cfg", haproxyConfig, (file) => ["haproxy", "-db", "-f", file]);
export const nginx = proxy("nginx stream", "stream.conf", nginxConfig, (file) => ["nginx", "-c", file]);

function nftPeer(name: string, target: Peer["target"], rule: (site: Site) => string): Peer {
  return {
    name,
    target,
    async setUp(hosts, site) {
      const hook = "type nat hook prerouting priority dstnat;";
      const script = `table ip peer {\n chain pre {\n ${hook}\n ${rule(site)}\n }\n}\n`;
      await hosts.run("balancer", ["nft", "-f", "-"], script);
      return null;
    },
  };
}

function proxy(
  name: string,
  file: string,
  config: (site: Site, folder: string) => string,
  argv: (path: string) => string[],
): Peer {
  return {
    name,
    target: toVip,
    async setUp(hosts, site) {
      const path = join(hosts.folder, file);
      writeFileSync(path, config(site, hosts.folder));
      const child = hosts.start("balancer", argv(path));
      await answering(hosts, toVip(site));
      return () => hosts.stop(child);
    },
  };
}

/** Resolves when the VIP takes a connection: the proxy needs a moment to bind. Bounded by 20 s. */
async function answering(hosts: Hosts, vip: string): Promise<void> {
  const loop = `until (exec 3<>/dev/tcp/${vip}/80); do sleep 0.05; done 2>/dev/null`;
  await hosts.run("client", ["timeout", "20", "bash", "-c", loop]);
}
