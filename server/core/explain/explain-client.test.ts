import { describe, expect, it } from "vitest";
import { allocateFarm, emptyAllocation } from "../allocation/allocation.ts";
import { effective } from "../farm/effective.ts";
import { testFarm, testId } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";
import { compileFarm } from "../ruleset/compile.ts";
import { explainClient, type Running } from "./explain-client.ts";
import { jhashSlot } from "./jhash.ts";
import { fragmentText } from "./program.ts";
import { parseClientQuery } from "./query.ts";
import type { Stickiness } from "./stickiness.ts";

const none: Stickiness = { known: "none" };

function compiled(farm: Farm): string {
  const eff = effective(farm, new Map());
  const allocated = allocateFarm(emptyAllocation(), farm, eff);
  if (!allocated.ok) throw new Error(allocated.error.text);
  return fragmentText(compileFarm(farm, eff, allocated.value));
}

async function explain(farms: readonly Farm[], client: string, target: string, more: Partial<Running> = {}) {
  const query = parseClientQuery(client, target);
  if (!query.ok) throw new Error(query.error.text);
  const explained = await explainClient(farms, query.value, async (farm) => ({
    rules: compiled(farm),
    effective: effective(farm, new Map()),
    stickiness: none,
    ...more,
  }));
  return { ...explained, sentences: explained.steps.map(({ text }) => text) };
}

/** What a kernel lists of a farm that hashes, with counters and decimal offsets as nft 1.0.6 writes them. */
const hashing = (key: string) => `table inet sluice {
	chain f_1_4 {
		ct mark set jhash ${key} mod 4 seed 0x5eed offset 3506438144 goto sched4
	}
	map slots {
		type mark : mark
		elements = { 0xd1000000 : 0x51000001, 0xd1000001 : 0x51000001,
			     0xd1000002 : 0x51000002, 0xd1000003 : 0x51000003 }
	}
	map be4 {
		type mark : ipv4_addr . inet_service
		counter
		elements = { 0x51000001 counter packets 3 bytes 180 : 198.51.100.10 . 8080, 0x51000002 counter packets 0 bytes 0 : 198.51.100.11 . 8080 }
	}
}`;

describe("explaining a client", () => {
  const farm = testFarm(1, undefined, { ports: [80, "8000-8010"] });
  const udp = testFarm(2, undefined, { addresses: ["192.0.2.1"], protocol: "udp", ports: [53] });
  const stopped = testFarm(3, undefined, { enabled: false });
  const all = [farm, udp, stopped];

  it.each([
    ["192.0.2.9:80", "No farm has the address 192.0.2.9"],
    ["192.0.2.1:81", "Port 81 is outside what answers at 192.0.2.1: farm-1 (tcp ports 80, 8000-8010)"],
    [
      "192.0.2.1:80/sctp",
      "At 192.0.2.1 nobody answers sctp; there is farm-1 (tcp ports 80, 8000-8010), farm-2 (udp port 53)",
    ],
    ["192.0.2.3:80", "Farm farm-3 has 192.0.2.3 tcp port 80, but it is stopped (enabled is false)"],
    [
      "198.51.100.10:80",
      "198.51.100.10 is a backend (of farm-1, farm-2, farm-3), not an address of a farm: who connects there goes past the balancer",
    ],
  ])("says why nobody answers at %s", async (target, why) => {
    const { verdict, farm: found, sentences } = await explain(all, "203.0.113.5", target);
    expect([verdict, found, sentences]).toEqual(["nobody", null, [why]]);
  });

  it("of a farm that goes by turns names the candidates and no backend", async () => {
    const weighted = testFarm(1, [
      { address: "198.51.100.10", weight: 2 },
      { address: "198.51.100.11", weight: 1 },
    ]);
    const { verdict, backend, candidates, rule } = await explain([weighted], "203.0.113.5", "192.0.2.1:80");
    expect([verdict, backend]).toEqual(["turn", null]);
    expect(candidates).toEqual([
      { backend: "b-1", slots: 2, sharePct: 200 / 3 },
      { backend: "b-2", slots: 1, sharePct: 100 / 3 },
    ]);
    expect(rule).toMatch(/^ct mark set numgen inc mod 3 offset 0xd1000000$/);
  });

  it("names the backend where only one has slots", async () => {
    const one = testFarm(1, [{ address: "198.51.100.10" }, { address: "198.51.100.11", adminState: "drain" }]);
    const { backend, sentences } = await explain([one], "203.0.113.5", "192.0.2.1:80");
    expect(backend).toEqual({ id: testId("backend", 1000), name: "b-1", address: "198.51.100.10", port: 8080 });
    expect(sentences.at(-1)).toBe("All slots belong to b-1");
  });

  it.each([
    ["reject", "refused"],
    ["drop", "dropped without an answer"],
  ])("says what becomes of a connection that nobody serves: %s", async (onAllDown, how) => {
    const dark = testFarm(1, [{ address: "198.51.100.10", weight: 0 }], { onAllDown });
    const { verdict, sentences } = await explain([dark], "203.0.113.5", "192.0.2.1:80");
    expect([verdict, sentences.at(-1)]).toEqual(["refused", `No backend takes new connections: they are ${how}`]);
  });

  it("computes the slot of a hash from the rules the kernel lists, and whose it is", async () => {
    const three = testFarm(1, [
      { address: "198.51.100.10" },
      { address: "198.51.100.11" },
      { address: "198.51.100.12" },
    ]);
    for (let last = 1; last < 40; last++) {
      const client = `203.0.113.${last}`;
      const rules = { rules: hashing("ip saddr") };
      const { verdict, slot, backend } = await explain([three], client, "192.0.2.1:80", rules);
      const at = jhashSlot(Uint8Array.of(203, 0, 113, last), 4, 0x5eed);
      expect(slot).toEqual({ at, of: 4 });
      expect([verdict, backend?.name]).toEqual(at === 3 ? ["refused", undefined] : ["hash", at === 2 ? "b-2" : "b-1"]);
    }
  });

  it("asks for the client's port where the hash takes it", async () => {
    const rules = { rules: hashing("ip saddr . th sport") };
    const without = await explain([farm], "203.0.113.5", "192.0.2.1:80", rules);
    expect([without.verdict, without.backend, without.candidates.length]).toEqual(["kernel-hash", null, 2]);
    const with_ = await explain([farm], "203.0.113.5:4660", "192.0.2.1:80", rules);
    const at = jhashSlot(Uint8Array.of(203, 0, 113, 5, 0x12, 0x34, 0, 0), 4, 0x5eed);
    expect(with_.slot).toEqual({ at, of: 4 });
  });

  it("computes nothing where the kernel has a key of its own", async () => {
    const text = hashing("ip saddr").replace("jhash ip saddr mod 4 seed 0x5eed", "symhash mod 4");
    const { verdict, slot, sentences } = await explain([farm], "203.0.113.5", "192.0.2.1:80", { rules: text });
    expect([verdict, slot]).toEqual(["kernel-hash", null]);
    expect(sentences.at(-1)).toContain("cannot be calculated");
  });

  it("follows a rule into a map of the farm's own, as without connection tracking", async () => {
    const rules = `table inet sluice {
	chain f_1_4s {
		notrack ip daddr set jhash ip saddr mod 2 seed 0x5eed map @st_1_4_ab12 comment "s:0badcafe"
	}
	map st_1_4_ab12 {
		typeof numgen inc mod 65536 : ip daddr
		elements = { 0 : 198.51.100.10, 1 : 198.51.100.11 }
	}
}`;
    for (let last = 1; last < 20; last++) {
      const { slot, backend } = await explain([farm], `203.0.113.${last}`, "192.0.2.1:80", { rules });
      const at = jhashSlot(Uint8Array.of(203, 0, 113, last), 2, 0x5eed);
      expect([slot, backend?.name]).toEqual([{ at, of: 2 }, `b-${at + 1}`]);
    }
  });

  it("says that it cannot read rules of a kind it does not know", async () => {
    const rules = "table netdev sluice {\n\tchain f_1_4 {\n\t\tfwd to something\n\t}\n}";
    expect((await explain([farm], "203.0.113.5", "192.0.2.1:80", { rules })).verdict).toBe("unread");
  });

  it("reads each family's own rule", async () => {
    const both = testFarm(1, [{ address: "198.51.100.10" }, { address: "2001:db8::10" }], {
      addresses: ["192.0.2.1", "2001:db8:1::1"],
    });
    expect((await explain([both], "2001:db8:9::1", "[2001:db8:1::1]:80")).backend?.name).toBe("b-2");
    expect((await explain([both], "203.0.113.5", "192.0.2.1:80")).backend?.name).toBe("b-1");
  });
});

describe("a client that is remembered", () => {
  const persistence = { by: "source-address", timeoutS: 120, prefixV4: 32, prefixV6: 64 };
  const farm = testFarm(1, [{ address: "198.51.100.10" }, { address: "198.51.100.11", adminState: "maintenance" }], {
    persistence,
  });
  const rules = hashing("ip saddr");
  const known = (at: number): Stickiness => ({
    known: "entry",
    backendId: testId("backend", 1000 + at),
    expiresInS: 41.6,
  });
  const eff = effective(farm, new Map());
  const ask = (stickiness: Stickiness) =>
    explain([farm], "203.0.113.5", "192.0.2.1:80", { rules, stickiness, effective: eff });

  it("goes to its backend, and it is said for how long", async () => {
    const { verdict, backend, sentences } = await ask(known(0));
    expect([verdict, backend?.name]).toEqual(["sticky", "b-1"]);
    expect(sentences.at(-1)).toBe("The client is remembered with b-1, for another 42 s: it goes there");
  });

  it("is read in the rules of a farm that remembers, too", async () => {
    const { rule, candidates } = await explain([farm], "203.0.113.5", "192.0.2.1:80", { effective: eff });
    expect(rule).toMatch(/^ct mark set numgen inc mod 1 offset 0xd1000000/);
    expect(candidates.map(({ backend }) => backend)).toEqual(["b-1"]);
  });

  it("moves when its backend takes nobody, and is scheduled when there is no entry or nobody can be asked", async () => {
    for (const stickiness of [known(1), none, { known: "unasked" }, { ...known(0), backendId: testId("backend", 9) }]) {
      const { verdict, slot } = await ask(stickiness as Stickiness);
      expect([verdict === "sticky", slot === null]).toEqual([false, false]);
    }
  });
});

describe("a client that is pinned", () => {
  const pinned = (more: object) =>
    testFarm(1, [{ address: "198.51.100.10" }, { address: "198.51.100.11", ...more }], {
      pins: [{ client: "203.0.113.0/24", backend: "b-2" }],
    });

  it("goes where it was pinned, whatever the scheduler says", async () => {
    const { verdict, backend, sentences } = await explain([pinned({})], "203.0.113.5", "192.0.2.1:80");
    expect([verdict, backend?.name]).toEqual(["pinned", "b-2"]);
    expect(sentences.at(-1)).toBe("A pin sends 203.0.113.0/24 to b-2");
    expect((await explain([pinned({})], "203.0.114.5", "192.0.2.1:80")).verdict).toBe("turn");
  });

  it("is scheduled while its backend is in maintenance", async () => {
    const { backend } = await explain([pinned({ adminState: "maintenance" })], "203.0.113.5", "192.0.2.1:80");
    expect(backend?.name).toBe("b-1");
  });
});

describe("policies", () => {
  const policy = (more: object) =>
    testFarm(1, undefined, {
      policy: { allow: [], deny: [], newPerSecondPerSource: null, connectionsPerSource: null, dscp: null, ...more },
    });
  it.each([
    [{ deny: ["203.0.112.0/20"] }, "denied"],
    [{ deny: ["203.0.113.4-203.0.113.6"] }, "denied"],
    [{ deny: ["203.0.113.6", "2001:db8::/32"] }, "turn"],
    [{ allow: ["203.0.113.5"] }, "turn"],
    [{ allow: ["10.0.0.0/8"] }, "denied"],
    [{ newPerSecondPerSource: 5 }, "turn"],
  ])("%j: %s", async (more, verdict) => {
    expect((await explain([policy(more)], "203.0.113.5", "192.0.2.1:80")).verdict).toBe(verdict);
  });
});

describe("a question", () => {
  it.each([
    ["203.0.113.5", "192.0.2.1:80", { clientPort: null, port: 80, protocol: "tcp" }],
    ["203.0.113.5:40000", "192.0.2.1:53/udp", { clientPort: 40_000, port: 53, protocol: "udp" }],
    ["2001:DB8::1", "[2001:db8::2]:80", { client: "2001:db8::1", vip: "2001:db8::2", clientPort: null }],
    ["[2001:db8::1]:4", "[2001:db8::2]:80/sctp", { client: "2001:db8::1", clientPort: 4, protocol: "sctp" }],
  ])("%s %s is understood", (client, target, expected) => {
    const parsed = parseClientQuery(client, target);
    expect(parsed.ok && parsed.value).toMatchObject(expected);
  });

  it.each([
    ["host", "192.0.2.1:80"],
    ["203.0.113.5", "192.0.2.1"],
    ["203.0.113.5", "2001:db8::2:80"],
    ["203.0.113.5", "[2001:db8::2]:80"],
    ["203.0.113.5:0", "192.0.2.1:80"],
    ["203.0.113.5", "192.0.2.1:70000"],
    ["203.0.113.5", "192.0.2.1:80/icmp"],
    ["203.0.113.5", "192.0.2.1:80/tcp/x"],
  ])("%s %s is refused", (client, target) => {
    expect(parseClientQuery(client, target)).toMatchObject({ ok: false, error: { code: "invalid" } });
  });
});

describe("the running rules' words", () => {
  const [one] = testFarm(1).backends;
  const farm = testFarm(1, undefined, {
    ports: [80, "8000-8010"],
    scheduler: "source-hash",
    persistence: { timeoutS: 60 },
    pins: [{ client: "203.0.113.7", backend: one?.name ?? "" }],
    policy: { allow: ["203.0.113.0/24"], deny: ["203.0.113.9"], newPerSecondPerSource: 5, synPerSecond: 9 },
  });
  const wordsOf = async (client: string, port = 80) => {
    const { steps } = await explain([farm], client, `192.0.2.1:${port}`);
    return steps.map(({ stage, nft }) => [stage, nft[0] ?? null]);
  };

  it("stand beside each step of a client that comes in", async () => {
    expect(await wordsOf("203.0.113.5")).toEqual([
      ["farm", expect.stringMatching(/^192\.0\.2\.1 \. tcp \. 80 : goto f_1_4$/)],
      ["filters", expect.stringContaining("ip saddr != @allow_")],
      ["filters", expect.stringContaining("limit rate over 5/second")],
      ["filters", expect.stringContaining("limit rate over 9/second")],
      ["memory", expect.stringContaining("map @sticky4")],
      ["scheduler", expect.stringMatching(/^ct mark set jhash ip saddr mod 1024/)],
      ["scheduler", expect.stringMatching(/^0x[0-9a-f]{8} : 0x[0-9a-f]{8}$/)],
    ]);
  });

  it.each([
    ["203.0.113.9", "filters", "ip saddr @deny_"],
    ["198.51.100.1", "filters", "ip saddr != @allow_"],
    ["203.0.113.7", "memory", "map @pin_"],
  ])("say what becomes of %s", async (client, stage, words) => {
    expect((await wordsOf(client, 8005)).at(-1)).toEqual([stage, expect.stringContaining(words)]);
    expect((await wordsOf(client, 8005))[0]?.[1]).toContain("8000-8010 : goto");
  });
});
