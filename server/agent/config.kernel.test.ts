/** The host's configuration on a real agent: who may write it, what it changes in the kernel, and what is refused. */
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRoot, TestAgent, testFarm, until } from "./harness.testing.ts";

let agent: TestAgent;
let path: string;

beforeEach(async () => {
  agent = await TestAgent.open();
  mkdirSync(join(agent.dir, "etc"), { mode: 0o755 });
  path = join(agent.dir, "etc", "agent.yaml");
});
afterEach(() => agent.close());

async function restart(text: string): Promise<void> {
  await agent.kill("SIGKILL");
  writeFileSync(path, text, { mode: 0o644 });
  await agent.start({ SLUICE_CONFIG: path });
}

/** Starts where it cannot; its exit code and what it said. */
async function refusal(): Promise<{ code: number | null; text: string }> {
  await agent.kill("SIGKILL");
  const from = agent.log.length;
  const started = agent.spawn({ SLUICE_CONFIG: path });
  const code = await new Promise<number | null>((resolve) => started.once("close", resolve));
  return { code, text: agent.log.slice(from) };
}

describe("the file", () => {
  test("with a field that is not known stops the start, by path and name", async () => {
    writeFileSync(path, "limits:\n  urgentPerSecond: 1\n");
    expect(await refusal()).toMatchObject({ code: 2, text: expect.stringContaining("limits.urgentPerSecond") });
  });

  test("that others may write is refused, and so is one in a folder that others may write", async () => {
    writeFileSync(path, "tag: 0x51\n");
    chmodSync(path, 0o666);
    expect((await refusal()).text).toContain("it can be written by others than root");
    chmodSync(path, 0o644);
    chmodSync(join(agent.dir, "etc"), 0o777);
    expect((await refusal()).text).toContain("its folder can be written by others than root");
  });

  test.runIf(isRoot)("of another user is refused with the uid", async () => {
    writeFileSync(path, "tag: 0x51\n");
    chownSync(path, 65_030, 0);
    expect(await refusal()).toMatchObject({ code: 2, text: expect.stringContaining("belongs to uid 65030") });
  });

  test("that is not there changes nothing", async () => {
    await agent.kill("SIGKILL");
    rmSync(path, { force: true });
    await agent.start({ SLUICE_CONFIG: path });
    expect(await agent.put(testFarm(1))).toMatchObject({ outcome: "applied" });
  });
});

describe("settings of the host", () => {
  const timeWait = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";

  test("are written when the file allows it, and left alone when it does not", async () => {
    await agent.put(testFarm(1));
    await until(() => agent.table() !== "");
    const before = agent.inside("sysctl", "-n", timeWait).trim();
    expect(before).not.toBe("17");
    await restart("{}");
    expect(agent.inside("sysctl", "-n", timeWait).trim()).toBe(before);
    await restart(`sysctls:\n  ${timeWait}: 17\n`);
    expect(agent.inside("sysctl", "-n", timeWait).trim()).toBe("17");
    expect(JSON.stringify((await agent.status()).features)).toContain(`${timeWait} is 17, as configured`);
  });
});

describe("the tag byte", () => {
  test("0x23 stands in every mark of the kernel's rules, and survives a restart and a flush", async () => {
    await restart("tag: 0x23\n");
    await agent.put(testFarm(1));
    const whole = agent.table();
    expect(whole).toContain("0x23000001");
    expect(whole).not.toMatch(/0x(51|d1)/);
    await restart("tag: 0x23\n");
    expect(agent.table()).toBe(whole);
    agent.nft("flush", "ruleset");
    await until(() => agent.table() === whole);
  });

  test("is not changed under farms: the sentence names both, and the rules stay as they are", async () => {
    await agent.put(testFarm(1));
    const whole = agent.table();
    writeFileSync(path, "tag: 0x23\n");
    const { code, text } = await refusal();
    expect(code).not.toBe(0);
    expect(text).toContain("carry the tag 0x51");
    expect(agent.table()).toBe(whole);
  });

  test("changes once the farms are gone, and ids are not given out twice, also after another restart", async () => {
    const farm = testFarm(1);
    await agent.put(farm);
    await agent.change([{ type: "remove-farm", base: 1, farmId: farm.id }]);
    await restart("tag: 0x23\n");
    await agent.put(testFarm(2));
    await until(() => agent.table().includes("0x23000003"));
    const slots = agent.nft("list", "map", "inet", "sluice", "slots");
    await restart("tag: 0x23\n");
    expect(agent.nft("list", "map", "inet", "sluice", "slots")).toBe(slots);
    expect(agent.table()).not.toMatch(/0x(51|d1)0/);
  });
});
