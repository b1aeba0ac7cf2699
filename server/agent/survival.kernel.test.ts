import { randomUUID } from "node:crypto";
import { copyFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { record } from "./answers.testing.ts";
import { buildAgent, TestAgent, testFarm, until } from "./harness.testing.ts";

const backWithinMs = 1000;
let agent: TestAgent;
let whole: string;
const farm = testFarm(1);

beforeEach(async () => {
  agent = await TestAgent.open();
  await agent.put(farm);
  await agent.put(testFarm(2, { addresses: ["10.99.0.2", "fd99::2"], backends: sixAndFour() }));
  whole = agent.table();
});
afterEach(() => agent.close());

function sixAndFour() {
  const id = (at: number) => `00000000-0000-4000-8000-00000002000${at}`;
  return [
    { id: id(1), name: "four", address: "10.20.2.1", port: null },
    { id: id(2), name: "six", address: "fd20::1", port: 80 },
  ];
}

describe("the agent killed and started again", () => {
  test("finds its rules in the kernel and leaves them as they are", async () => {
    await agent.kill("SIGKILL");
    await agent.start();
    expect(agent.table()).toBe(whole);
    expect(await agent.settled()).toMatchObject({ n: 2, farms: 2, sync: "in-sync" });
  });

  test("brings the rules back into an empty kernel before it says it is ready", async () => {
    await agent.kill("SIGKILL");
    agent.nft("flush", "ruleset");
    await agent.start();
    expect(agent.table()).toBe(whole);
  });

  test("replaces a table of another layout", async () => {
    await agent.kill("SIGKILL");
    agent.nft("delete table inet sluice; add table inet sluice; add chain inet sluice layout_0");
    await agent.start();
    expect(agent.table()).toBe(whole);
  });

  test("keeps element counters that the kernel has", async () => {
    const counted =
      "delete element inet sluice bin { 0x51000001 }; add element inet sluice bin { 0x51000001 counter packets 7 bytes 700 }";
    await agent.kill("SIGKILL");
    agent.nft(counted);
    await agent.start();
    expect(agent.nft("list", "set", "inet", "sluice", "bin")).toContain("0x51000001 counter packets 7 bytes 700");
  });
});

describe("a kernel emptied while the agent runs", () => {
  test.each(["flush ruleset", "delete table inet sluice"])(
    "by %s has the rules back within a second",
    async (command) => {
      agent.nft(...command.split(" "));
      expect(await until(() => agent.table() === whole)).toBeLessThan(backWithinMs);
    },
  );

  test("keeps the anchor, which only its owner can remove", () => {
    agent.nft("flush", "ruleset");
    expect(agent.nft("list", "tables")).toContain("sluice_anchor");
  });
});

describe("a foreign hand in our table", () => {
  test.each([
    "delete element inet sluice slots { 0xd1000000 }",
    "delete element inet sluice svc4 { 10.99.0.1 . tcp . 80 }",
    "add element inet sluice svc4 { 10.99.0.77 . tcp . 80 : goto f_1_4 }",
    "flush chain inet sluice f_1_4",
    "flush chain inet sluice dispatch",
  ])("is put right: %s", async (command) => {
    await until(() => agent.status().then((status) => status.sync === "in-sync"));
    agent.nft(command);
    await until(() => agent.table() === whole);
  });

  test("does not poison the next change of the same element", async () => {
    agent.nft("delete element inet sluice slots { 0xd1000000 }");
    const weights = { [farm.backends[0]?.id ?? ""]: 300 };
    const answer = await agent.change([{ type: "set-weights", base: 1, farmId: farm.id, weights }]);
    expect(answer).toMatchObject({ outcome: "applied", n: 3 });
    await agent.kill("SIGKILL");
    const changed = agent.table();
    agent.nft("flush", "ruleset");
    await agent.start();
    expect(agent.table()).toBe(changed);
  });

  test("does not poison the removal of a farm whose chain is gone", async () => {
    agent.nft(
      "delete element inet sluice svc4 { 10.99.0.1 . tcp . 80 }; flush chain inet sluice f_1_4; delete chain inet sluice f_1_4",
    );
    expect(await agent.change([{ type: "remove-farm", base: 1, farmId: farm.id }])).toMatchObject({
      outcome: "applied",
    });
    expect(agent.table()).not.toContain("f_1_4");
  });
});

describe("a child of the agent", () => {
  const applying = "nft -i";

  test.each(["SIGKILL", "SIGSTOP"] as const)("that applies and gets %s costs no change", async (signal) => {
    for (const pid of agent.children(applying)) process.kill(pid, signal);
    const weights = { [farm.backends[0]?.id ?? ""]: 300 };
    // weights need no child
    const weighed = await agent.change([{ type: "set-weights", base: 1, farmId: farm.id, weights }]);
    expect(weighed).toMatchObject({ outcome: "applied", n: 3 });
    expect(agent.nft("list", "chain", "inet", "sluice", "f_1_4")).toContain("inc mod 4");
    const uuid = randomUUID();
    await agent.change([{ type: "put-farm", base: null, farm: testFarm(3) }], uuid);
    const answered = async () => record((await agent.call("GET", `/v1/changes/${uuid}`)).body);
    await until(async () => (await answered()).outcome === "applied");
    expect(agent.table()).toContain("10.99.0.3 . tcp . 80");
    expect(await agent.put(testFarm(4))).toMatchObject({ outcome: "applied" });
    await until(() => agent.log.includes("nft-child-lost"));
  });

  test.each([
    { what: "elements", command: "nft -j -i", signal: "SIGKILL", logged: "nft-reader-lost" },
    { what: "elements", command: "nft -j -i", signal: "SIGSTOP", logged: "nft-reader-lost" },
    {
      what: "connections",
      command: "conntrack -L -m 0x51000000/0xff000000",
      signal: "SIGKILL",
      logged: "conntrack-lost",
    },
  ] as const)("that reads $what and gets $signal is replaced", async ({ command, signal, logged }) => {
    // a listing of everything that comes in between would leave nothing that is read once more
    await until(() => agent.log.includes("fixed-rules-known"));
    await until(() => agent.children(command).length > 0);
    const [before] = agent.children(command);
    process.kill(before ?? 0, signal);
    // what a change touched is listed a moment later
    expect(await agent.put(testFarm(3))).toMatchObject({ outcome: "applied" });
    // one that hangs is given five seconds, and who reads again waits as long
    await until(() => agent.children(command).some((pid) => pid !== before), 40_000);
    await until(() => agent.log.includes(logged));
    expect(await agent.put(testFarm(4))).toMatchObject({ outcome: "applied" });
  });
});

describe("the agent killed in the middle of a change", () => {
  const weights = { [farm.backends[0]?.id ?? ""]: 300 };
  const heavy = () => agent.nft("list", "chain", "inet", "sluice", "f_1_4").includes("inc mod 4");

  test.each([
    { step: "planned", isNew: false },
    { step: "intent", isNew: true },
    { step: "transaction", isNew: true },
    { step: "outcome", isNew: true },
  ])("at $step has the old or the new farm after its restart, in state and kernel alike", async ({ step, isNew }) => {
    await agent.kill("SIGKILL");
    await agent.start({ TEST_CRASH_AT: `${step}:1` });
    const uuid = randomUUID();
    const operations = [{ type: "set-weights", base: 1, farmId: farm.id, weights } as const];
    await expect(agent.change(operations, uuid)).rejects.toThrow();
    await agent.start();
    expect(await agent.settled()).toMatchObject({ n: isNew ? 3 : 2, sync: "in-sync" });
    expect(heavy()).toBe(isNew);
    const asked = await agent.call("GET", `/v1/changes/${uuid}`);
    expect(asked.status).toBe(isNew ? 200 : 404);
    expect(await agent.change(operations, uuid)).toMatchObject({ outcome: "applied", uuid, n: 3 });
    expect(heavy()).toBe(true);
  });

  test("with a torn last line in its journal starts from the last whole one", async () => {
    await agent.kill("SIGKILL");
    agent.inside("sh", "-c", `printf '{"type":"intent","kind":"cha' >> ${agent.dir}/data/journal-1.log`);
    await agent.start();
    expect(await agent.settled()).toMatchObject({ n: 2 });
    expect(await agent.put(testFarm(3))).toMatchObject({ outcome: "applied", n: 3 });
    await agent.kill("SIGKILL");
    await agent.start();
    expect(await agent.settled()).toMatchObject({ n: 3, farms: 3 });
  });
});

describe("a hundred revisions", () => {
  test("leave a snapshot, and a start from it has the same farms, ids and rules", async () => {
    let base = 1;
    for (let at = 0; at < 105; at++) {
      const id = farm.backends[0]?.id ?? "";
      const answer = await agent.change([
        { type: "set-weights", base, farmId: farm.id, weights: { [id]: 100 + (at % 7) * 100 } },
      ]);
      base = Number(answer.n);
    }
    await until(() => agent.inside("ls", `${agent.dir}/data`).includes("snapshot.json"));
    const before = { table: agent.table(), digest: (await agent.status()).digest };
    await agent.kill("SIGKILL");
    agent.nft("flush", "ruleset");
    await agent.start();
    expect({ table: agent.table(), digest: (await agent.status()).digest }).toEqual(before);
  });
});

describe("a disk that takes no more", () => {
  test("refuses the change by name before the kernel is touched, and serves on", async () => {
    await agent.kill("SIGKILL");
    await agent.start({ TEST_SHELL: 'trap "" XFSZ; ulimit -f 16; exec "$@"' });
    const notes = "n".repeat(1900);
    let answer: Record<string, unknown> = {};
    let accepted = 0;
    for (let at = 10; at < 30 && answer.outcome !== "refused"; at++) {
      answer = await agent.put(testFarm(at, { notes }));
      if (answer.outcome === "applied") accepted += 1;
    }
    expect(answer).toMatchObject({ outcome: "refused", error: { code: "storage", retry: true } });
    const kernel = agent.table();
    expect(await agent.put(testFarm(40, { notes }))).toMatchObject({ outcome: "refused", error: { code: "storage" } });
    expect(agent.table()).toBe(kernel);
    expect(await agent.settled()).toMatchObject({ n: 2 + accepted, sync: "in-sync" });
    await agent.kill("SIGKILL");
    await agent.start();
    expect(await agent.settled()).toMatchObject({ n: 2 + accepted });
    expect(agent.table()).toBe(kernel);
    expect(await agent.put(testFarm(40, { notes }))).toMatchObject({ outcome: "applied", n: 3 + accepted });
  });
});

describe("without the native addon", () => {
  test("the socket is for its group only, an emptied kernel is filled again, and the status says what is missing", async () => {
    await agent.kill("SIGKILL");
    const bundle = `${agent.dir}/agent.mjs`;
    copyFileSync(buildAgent(), bundle);
    await agent.start({ TEST_BUNDLE: bundle });
    expect(agent.inside("stat", "-c", "%a", agent.socket).trim()).toBe("660");
    expect(JSON.stringify(await agent.status())).toContain("koffi is missing");
    expect(await agent.put(testFarm(3))).toMatchObject({ outcome: "applied" });
    const full = agent.table();
    agent.nft("flush", "ruleset");
    await until(() => agent.table() === full);
  });
});
