import { readlinkSync } from "node:fs";
/** Others on the same kernel: what they do to our rules is found, named, shown as a difference and put right; what is theirs is left alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { record } from "./answers.testing.ts";
import { TestAgent, testFarm, until } from "./harness.testing.ts";

let agent: TestAgent;
let whole: string;
/** what was told so far belongs to another test */
let logFrom = 0;

beforeAll(async () => {
  agent = await TestAgent.open();
  await agent.put(testFarm(1, { name: "shop" }));
  await agent.put(testFarm(2, { name: "blog", scheduler: "random" }));
  await until(() => agent.log.includes("fixed-rules-known"));
});
afterAll(() => agent.close());
beforeEach(async () => {
  await settled();
  whole = agent.table();
  logFrom = agent.log.length;
});

/** the fixed rules were listed once after our own hand, and nobody wrote since */
async function settled(): Promise<void> {
  await until(async () => (await agent.status()).sync === "in-sync");
}

function driftTexts(): string[] {
  return agent.log
    .slice(logFrom)
    .split("\n")
    .filter((line) => line.includes('"kind":"drift"'))
    .map((line) => String(record(JSON.parse(line)).text));
}

async function told(): Promise<string> {
  await until(() => driftTexts().length > 0);
  return driftTexts().join("\n");
}

/** Runs nft in the namespace; how the agent names it. The kernel notes the pid that the host's own namespace counts. */
async function foreignNft(script: string): Promise<RegExp> {
  const writer = agent.run("nft", script);
  await new Promise((resolve) => writer.once("exit", resolve));
  const isHosts = readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  return isHosts ? new RegExp(`nft \\(pid ${writer.pid}\\)`) : /nft \(pid [0-9]+ as the host counts\)/;
}

describe("a change of our rules by hand", () => {
  test("names the process, the farm and both backends, and shows the difference", async () => {
    const [first, second] = slotMarks();
    const writer = await foreignNft(
      `delete element inet sluice slots { ${first?.slot} }; add element inet sluice slots { ${first?.slot} : ${second?.mark} }`,
    );
    const text = await told();
    expect(text).toMatch(/1 slot pointed at web-(1 instead of web-2|2 instead of web-1); put right/);
    expect(text).toContain("farm shop");
    expect(text).toMatch(writer);
    expect(agent.table()).toBe(whole);
    const drift = record((await agent.status()).drift);
    expect(array(drift.lines)).toEqual([
      `- slots ${first?.slot} : ${second?.mark}`,
      `+ slots ${first?.slot} : ${first?.mark}`,
    ]);
  });

  test.each([
    {
      command: "delete element inet sluice svc4 { 10.99.0.1 . tcp . 80 }",
      words: "farm shop: 10.99.0.1 tcp 80 not served",
    },
    {
      command: "add element inet sluice svc4 { 10.99.0.77 . tcp . 80 : goto f_1_4 }",
      words: "farm shop: 10.99.0.77 tcp 80 added",
    },
    { command: "flush chain inet sluice f_2_4", words: "farm blog: 1 chain of rules rewritten" },
    { command: "flush chain inet sluice dispatch", words: "1 fixed chain rewritten, as dispatch" },
    {
      command: "insert rule inet sluice f_1_4 counter drop",
      words: "farm shop: 1 chain of rules rewritten",
    },
  ])("is told in words: $command", async ({ command, words }) => {
    await foreignNft(command);
    expect(await told()).toContain(words);
    await until(() => agent.table() === whole);
  });

  test("that adds a chain to our table is told, and our rules stay as they are", async () => {
    await foreignNft("add chain inet sluice stranger");
    expect(await told()).toContain("it is left alone: chain stranger");
    await foreignNft("delete chain inet sluice stranger");
    expect(agent.table()).toBe(whole);
  });

  test("that empties everything names its process", async () => {
    const writer = await foreignNft("flush ruleset");
    const text = await told();
    expect(text).toMatch(writer);
    expect(text).toContain("emptied our rules");
    expect(agent.table()).toBe(whole);
  });
});

function slotMarks(): { slot: string; mark: string }[] {
  const listed = agent.nft("list", "map", "inet", "sluice", "slots");
  return [...listed.matchAll(/(0x[0-9a-f]{8}) : (0x[0-9a-f]{8})/g)].map(([, slot = "", mark = ""]) => ({ slot, mark }));
}

describe("what is no change of our rules", () => {
  test("our own changes and tables of others are no drift", async () => {
    const foreign = "add table ip theirs; add set ip theirs s { type ipv4_addr; elements = { 10.0.0.1 }; }";
    for (let at = 0; at < 20; at++) {
      await agent.put(testFarm(3, { name: "busy", notes: `n${at}` }), at === 0 ? null : 2 + at);
      if (at % 5 === 0) await foreignNft(foreign);
    }
    await settled();
    await agent.change([{ type: "remove-farm", base: 22, farmId: testFarm(3).id }]);
    await settled();
    expect(driftTexts()).toEqual([]);
    expect(agent.nft("list", "table", "ip", "theirs")).toContain("10.0.0.1");
    await foreignNft("delete table ip theirs");
  });
});

describe("the preflight", () => {
  const findings = async () => array((await agent.status()).findings).map(record);
  const finding = async (word: string) => (await findings()).find(({ text }) => String(text).includes(word));

  test("names what others have in the way, each with the command that puts it right, and forgets it when it is gone", async () => {
    agent.inside("sysctl", "-qw", "net.ipv4.ip_forward=0");
    await foreignNft(
      "table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }; " +
        "table inet early { chain far { }; chain pre { type nat hook prerouting priority -150; jump far; }; chain far { " +
        "ip daddr 10.99.0.1 tcp dport 80 dnat ip to 10.1.1.1; ip daddr 10.99.0.2 tcp dport 81 dnat ip to 10.1.1.1; }; }; " +
        "table inet marks { chain every { type filter hook prerouting priority -150; ct mark set 0x1; }; }",
    );
    await until(async () => (await finding("priority -150")) !== undefined);
    const shop = testFarm(1).id;
    expect(await finding("drops what it does not accept")).toMatchObject({
      level: "problem",
      command: "nft insert rule ip filter FORWARD ct status dnat accept",
    });
    expect(await finding("before Sluice does")).toMatchObject({ level: "problem", farmIds: [shop], farms: 1 });
    expect(await finding("connection marks")).toMatchObject({ level: "warning" });
    expect(await finding("IPv4 forwarding is off")).toMatchObject({ command: "sysctl -w net.ipv4.ip_forward=1" });
    for (const { command } of await findings()) if (command !== null) agent.inside("sh", "-c", String(command));
    await until(async () => (await findings()).length === 0);
    await foreignNft("delete table ip filter; delete table inet early; delete table inet marks");
  });
});

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
