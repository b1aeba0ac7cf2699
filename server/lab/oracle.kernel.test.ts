import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Farm } from "../core/farm/types.ts";
import { chiSquare, criticalValue } from "./chi-square.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import type { ConnectReport } from "./messages.ts";
import { serveByNftlb } from "./nftlb.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";
import { type Aspect, differences } from "./oracle-differences.ts";
import { clientAddresses } from "./places.ts";

/** The same farm by Sluice in one lab and by Debian's nftlb in another, the same connections to both, what they see compared. */
const hasNftlb = spawnSync("nftlb", ["--help"]).error === undefined;

const vip4 = "192.168.0.70";
const vip6 = "fd00:51::70";
const names = ["web-1", "web-2", "web-3"];
const v4 = (weights: readonly number[], port: number | null = 80) =>
  weights.map((weight, i) => ({ address: `192.168.100.${10 + i}`, port, weight }));
const v6 = (weights: readonly number[], port: number | null = 80) =>
  weights.map((weight, i) => ({ address: `fd00:51:100::${10 + i}`, port, weight }));

/** A farm, where it is asked, and where it must not answer. */
type Case = { readonly farm: Farm; readonly ports: readonly number[]; readonly outside: readonly number[] };

function farmCase(name: string, ports: readonly number[], more: Record<string, unknown>, outside = [8080]): Case {
  const backends = v4([1, 1, 1]);
  return { farm: makeFarm({ name, addresses: [vip4], backends, ...more }), ports, outside };
}

const cases: readonly Case[] = [
  farmCase("round-robin", [80], { scheduler: "round-robin" }),
  farmCase("weighted", [80], { scheduler: "weighted", backends: v4([6, 3, 1]) }),
  farmCase("random", [80], { scheduler: "random", backends: v4([2, 1, 1]) }),
  farmCase("source-hash", [80], { scheduler: "source-hash" }),
  farmCase("symmetric-hash", [80], { scheduler: "symmetric-hash" }),
  farmCase("port-range", [80, 443], { scheduler: "round-robin", ports: ["80-443"], backends: v4([1, 1, 1], null) }),
  farmCase("snat-address", [80], { scheduler: "round-robin", forwarding: "snat", snatAddress: "10.77.0.1" }),
  farmCase("tiers", [80], {
    scheduler: "round-robin",
    backends: v4([1, 1, 1]).map((each, tier) => ({ ...each, tier })),
  }),
  farmCase("snat", [80], { scheduler: "round-robin", forwarding: "snat" }),
  farmCase("sticky", [80], { scheduler: "round-robin", persistence: { timeoutS: 60 } }),
  farmCase("port-list", [80, 443], { scheduler: "round-robin", ports: [80, 443], backends: v4([1, 1, 1], null) }),
  farmCase("port-mapped", [443], { scheduler: "round-robin", ports: [443], backends: v4([1, 1, 1], 8080) }, [80]),
  farmCase("six", [80], { scheduler: "round-robin", addresses: [vip6], backends: v6([1, 1, 1]) }),
  farmCase(
    "udp",
    [53],
    { scheduler: "round-robin", protocol: "udp", ports: [53], backends: v4([1, 1, 1], 53) },
    [5353],
  ),
];

type Seen = {
  readonly counts: readonly number[];
  readonly failed: number;
  readonly sources: readonly string[];
  readonly isSticky: boolean;
  readonly outside: readonly number[];
};

const asks = 300;
const asksEachClient = 4;

async function observe(lab: OpenLab, { farm, ports, outside }: Case): Promise<Seen> {
  const [address = ""] = farm.addresses;
  const protocol = farm.protocol === "udp" ? ("udp" as const) : ("tcp" as const);
  const reports: ConnectReport[] = [];
  for (const port of ports) reports.push(await lab.connect({ address, port, protocol, count: asks }));
  const answering: number[] = [];
  for (const port of outside) {
    const report = await lab.connect({ address, port, protocol, count: 2, timeoutMs: 500 });
    if (Object.keys(report.answered).length > 0) answering.push(port);
  }
  return {
    counts: names.map((name) => reports.reduce((sum, { answered }) => sum + (answered[name] ?? 0), 0)),
    failed: reports.reduce((sum, { failed }) => sum + failed, 0),
    sources: [...new Set(reports.flatMap(({ seenAs }) => Object.keys(seenAs)))].sort(),
    isSticky: await keepsClients(lab, address, ports[0] ?? 80, protocol),
    outside: answering,
  };
}

async function keepsClients(lab: OpenLab, address: string, port: number, protocol: "tcp" | "udp"): Promise<boolean> {
  const list = address.includes(":") ? clientAddresses.v6 : clientAddresses.v4;
  for (const source of list.slice(0, 5)) {
    const { answered } = await lab.connect({ address, port, protocol, source, count: asksEachClient });
    if (Object.keys(answered).length !== 1) return false;
  }
  return true;
}

/** How a client is turned away: "answered", "refused" at once, or left waiting. */
async function turnedAway(lab: OpenLab, { farm, ports }: Case): Promise<string> {
  const protocol = farm.protocol === "udp" ? ("udp" as const) : ("tcp" as const);
  const ask = { address: farm.addresses[0] ?? "", port: ports[0] ?? 80, protocol, count: 2, timeoutMs: 700 };
  const { answered, errors } = await lab.connect(ask);
  if (Object.keys(answered).length > 0) return "answered";
  return "ECONNREFUSED" in errors ? "refused" : "waiting";
}

function without(farm: Farm, isOut: (at: number) => boolean): Farm {
  const backends = farm.backends.map((backend, at) => ({
    ...backend,
    adminState: isOut(at) ? ("maintenance" as const) : backend.adminState,
  }));
  return { ...farm, backends };
}

describe.skipIf(!hasNftlb)(`beside nftlb${hasNftlb ? "" : " (skipped, missing: nftlb)"}`, () => {
  let ours: OpenLab;
  let theirs: OpenLab;
  let farms: FarmCalls;

  beforeAll(async () => {
    const options = { clients: false, farms: [], backends: 3 } as const;
    [ours, theirs] = await Promise.all([openLab(options), openLab({ ...options, agent: false })]);
    farms = new FarmCalls(ours.socket);
    for (const lab of [ours, theirs]) {
      await lab.exec("balancer", ["ip", "addr", "add", `${vip4}/32`, "dev", "front"]);
      await lab.exec("balancer", ["ip", "addr", "add", `${vip6}/128`, "dev", "front", "nodad"]);
    }
  });
  afterAll(() => Promise.all([ours.close(), theirs.close()]));

  /** What is compared are new connections: neither side may know the ones before. */
  async function serve(farm: Farm): Promise<void> {
    await Promise.all([farms.put(farm), serveByNftlb(theirs, farm)]);
    await both((lab) => lab.exec("balancer", ["conntrack", "-F"]));
  }

  async function both<T>(look: (lab: OpenLab) => Promise<T>): Promise<{ ours: T; theirs: T }> {
    return { ours: await look(ours), theirs: await look(theirs) };
  }

  test.each(cases.map((each) => [each.farm.name, each] as const))(
    "%s: the same packets, the same outcome",
    async (name, each) => {
      const found = new Set<Aspect>();
      const compare = (aspect: Aspect, isSame: boolean) => {
        if (!isSame) found.add(aspect);
      };
      await serve(each.farm);
      try {
        const seen = await both((lab) => observe(lab, each));
        const isSpread = each.farm.scheduler !== "source-hash";
        compare("reached", reachesAlike(seen.ours, seen.theirs, isSpread));
        const shares = seen.ours.counts.map((count) => Math.max(count, 1));
        compare("shares", !isSpread || chiSquare(seen.theirs.counts, shares) < looseCritical);
        compare("sources", same(seen.ours.sources, seen.theirs.sources));
        compare("sticky", seen.ours.isSticky === seen.theirs.isSticky);
        compare("outside", same(seen.ours.outside, seen.theirs.outside));
        await serve(without(each.farm, (at) => at === 0));
        const left = await both((lab) => observe(lab, each));
        compare(
          "oneOut",
          reachesAlike(left.ours, left.theirs, isSpread) && left.ours.counts[0] === left.theirs.counts[0],
        );
        await serve(without(each.farm, () => true));
        const away = await both((lab) => turnedAway(lab, each));
        compare("allOut", away.ours === away.theirs);
      } finally {
        await farms.remove(each.farm.id);
      }
      const expected = differences.filter(({ farm }) => farm === name || farm === "*").map(({ aspect }) => aspect);
      expect([...found].sort()).toEqual([...new Set(expected)].sort());
    },
  );
});

/** Hashing sends ten clients where it likes, with another table on each side: then only who fails is compared. */
function reachesAlike(ours: Seen, theirs: Seen, isSpread: boolean): boolean {
  const reached = ({ counts }: Seen) => counts.map((count) => count > 0);
  return ours.failed === theirs.failed && (!isSpread || same(reached(ours), reached(theirs)));
}

/** Both sides are samples: twice the bound of one. */
const looseCritical = 2 * criticalValue(names.length);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
