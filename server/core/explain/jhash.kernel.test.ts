import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addressBytes } from "./address-bytes.ts";
import { jhashSlot } from "./jhash.ts";

const unshare = process.getuid?.() === 0 ? ["-n"] : ["-Urn"];
const isThere = spawnSync("unshare", [...unshare, "nft", "list", "tables"]).status === 0;

/** Sends one datagram to the loopback address from each source, port 40000 + n, and prints what the rule computed of each. */
const sender = `
import { createSocket } from "node:dgram";
const [kind, to, ...sources] = process.argv.slice(2);
for (const [at, source] of sources.entries()) {
  const socket = createSocket(kind);
  await new Promise((resolve) => socket.bind(40000 + at, source, resolve));
  await new Promise((resolve, reject) => socket.send("x", 9, to, (error) => (error ? reject(error) : resolve())));
  socket.close();
}
`;

const cases = [
  ["ip saddr", "ipv4_addr", 4],
  ["ip saddr . udp sport", "ipv4_addr", 4],
  ["ip6 saddr", "ipv6_addr", 6],
  ["ip6 saddr . udp sport", "ipv6_addr", 6],
] as const;

describe.skipIf(!isThere)("the hash of the kernel (skipped where there is no network namespace with nft)", () => {
  it.each(cases)("of %s is the one calculated here, for every modulus and seed", (key, type, family) => {
    const sources = Array.from({ length: 40 }, (_, at) =>
      family === 4 ? `127.1.${at * 5}.${at + 1}` : `fd00:51:${at + 1}::${at * 77 + 1}`,
    );
    for (const [modulus, seed] of [
      [1024, 0x5eed],
      [65_521, 0xffffffff],
      [251, 1],
    ] as const) {
      const seen = slotsOfKernel({ key, type, family, sources, modulus, seed });
      const ours = sources.map((source, at) => [source, jhashSlot(keyBytes(key, source, 40_000 + at), modulus, seed)]);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(ours));
    }
  });
});

type Asked = {
  readonly key: string;
  readonly type: string;
  readonly family: 4 | 6;
  readonly sources: readonly string[];
  readonly modulus: number;
  readonly seed: number;
};

function slotsOfKernel({ key, type, family, sources, modulus, seed }: Asked): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-jhash-"));
  try {
    const saddr = family === 4 ? "ip saddr" : "ip6 saddr";
    const rules = `table inet t {
  set seen { type ${type} . mark; flags dynamic; size 1000; }
  chain out { type filter hook output priority 0; policy accept;
    meta l4proto != udp accept
    meta mark set jhash ${key} mod ${modulus} seed ${seed}
    add @seen { ${saddr} . meta mark }
  }
}\n`;
    writeFileSync(join(folder, "rules.nft"), rules);
    writeFileSync(join(folder, "sender.mjs"), sender);
    const added = family === 4 ? [] : sources.map((source) => `ip -6 addr add ${source}/128 dev lo nodad`);
    const kind = family === 4 ? "udp4 127.0.0.1" : "udp6 ::1";
    const lines = ["set -e", "ip link set lo up", ...added, "nft -f rules.nft"];
    const send = `${process.execPath} sender.mjs ${kind} ${sources.join(" ")}`;
    const script = [...lines, send, "nft -j list set inet t seen"].join("\n");
    const out = execFileSync("unshare", [...unshare, "sh", "-c", script], { cwd: folder }).toString();
    return elementsOf(JSON.parse(out));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function elementsOf(listing: { nftables: { set?: { elem: { concat?: [string, number]; elem?: unknown }[] } }[] }) {
  const set = listing.nftables.find((each) => each.set !== undefined)?.set;
  return new Map(set?.elem.map(({ concat }) => concat ?? ["", -1]));
}

function keyBytes(key: string, source: string, port: number): Uint8Array {
  const address = addressBytes(source);
  return key.endsWith("sport") ? Uint8Array.from([...address, port >> 8, port & 255, 0, 0]) : address;
}
