/** Packets while others are at work on the same kernel: a flush of all rules, a firewall that drops, and another tag byte. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentStatusSchema } from "../wire/agent.ts";
import { callAgent } from "./agent-farms.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const vip = "192.168.0.40";
const backends = [
  { address: "192.168.100.10", port: 80 },
  { address: "192.168.100.11", port: 80 },
];
const shop = () => makeFarm({ name: "shop", addresses: [vip], scheduler: "round-robin", backends });

describe("a flush of all rules by somebody else", () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab({ clients: false, farms: [] });
    await new FarmCalls(lab.socket).put(shop());
  });
  afterAll(() => lab.close());

  const tables = async () => (await lab.exec("balancer", ["nft", "list", "tables", "inet"])).stdout;
  const isBack = async () => /^table inet sluice$/m.test(await tables());

  test("cuts no established connection, and new ones are balanced again", async () => {
    const held = await lab.hold({ address: vip, port: 80, count: 20 });
    const ids = held.map(({ id }) => id);
    for (let round = 0; round < 5; round++) {
      await lab.exec("balancer", ["nft", "flush", "ruleset"]);
      await reached(isBack);
    }
    const still = await lab.held({ ids, action: "ask" });
    expect(still.map(({ backend, error }) => ({ backend, error }))).toEqual(
      held.map(({ backend }) => ({ backend, error: null })),
    );
    const report = await lab.connect({ address: vip, port: 80, count: 20 });
    expect(report.answered).toEqual({ "web-1": 10, "web-2": 10 });
    await lab.held({ ids, action: "release" });
  });

  test("cuts none of them even while nobody puts the rules back", async () => {
    const held = await lab.hold({ address: vip, port: 80, count: 10 });
    const ids = held.map(({ id }) => id);
    const status = await lab.status();
    const pid = status.processes.find(({ name }) => name === "agent")?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    try {
      await lab.exec("balancer", ["nft", "flush", "ruleset"]);
      expect(await tables()).toBe("table inet sluice_anchor\n");
      const still = await lab.held({ ids, action: "ask" });
      expect(still.map(({ backend, error }) => ({ backend, error }))).toEqual(
        held.map(({ backend }) => ({ backend, error: null })),
      );
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await reached(isBack);
    await lab.held({ ids, action: "release" });
  });
});

describe("a firewall whose forward chain drops", () => {
  let lab: OpenLab;
  beforeAll(async () => {
    lab = await openLab({ clients: false, farms: [] });
    await new FarmCalls(lab.socket).put(shop());
  });
  afterAll(() => lab.close());

  const findings = async () =>
    agentStatusSchema.parse((await callAgent(lab.socket, "GET", "/v1/status")).body).findings;
  const answered = async () => {
    const report = await lab.connect({ address: vip, port: 80, count: 4, timeoutMs: 500 });
    return Object.values(report.answered).reduce((sum, count) => sum + count, 0);
  };

  test("is found, and traffic passes once the command that the preflight names was run", async () => {
    const script =
      "table inet fw { chain guarding { type filter hook forward priority 0; policy drop; ct state established accept; }; }\n";
    expect((await lab.exec("balancer", ["nft", "-f", "-"], script)).code).toBe(0);
    expect(await answered()).toBe(0);
    await reached(async () => (await findings()).some(({ id }) => id === "forward inet fw guarding"));
    const command = (await findings()).find(({ id }) => id === "forward inet fw guarding")?.command ?? "";
    expect((await lab.exec("balancer", ["sh", "-c", command])).code).toBe(0);
    expect(await answered()).toBe(4);
    await reached(async () => !(await findings()).some(({ id }) => id === "forward inet fw guarding"));
  });

  test("a strict reverse-path filter that eats packets is found, and its command lets them through", async () => {
    // the answers' way leads by another interface than the packets come from
    await lab.exec("balancer", ["ip", "route", "add", "192.168.0.110/32", "dev", "back1"]);
    await lab.exec("balancer", ["sysctl", "-qw", "net.ipv4.conf.front.rp_filter=1"]);
    const arriving = async () =>
      Number(
        (await lab.exec("balancer", ["nstat", "-asz", "TcpExtIPReversePathFilter"])).stdout.match(/ ([0-9]+) /)?.[1],
      );
    const before = await arriving();
    await lab.connect({ address: vip, port: 80, count: 1, source: "192.168.0.110", timeoutMs: 300 });
    expect((await arriving()) - before).toBeGreaterThan(0);
    const found = async () => (await findings()).find(({ id }) => id === "rp_filter");
    await reached(async () => (await found()) !== undefined);
    expect(await found()).toMatchObject({ command: "sysctl -w net.ipv4.conf.front.rp_filter=2" });
    expect((await lab.exec("balancer", ["sh", "-c", (await found())?.command ?? ""])).code).toBe(0);
    const after = await arriving();
    await lab.connect({ address: vip, port: 80, count: 1, source: "192.168.0.110", timeoutMs: 300 });
    expect(await arriving()).toBe(after);
    await reached(async () => (await found()) === undefined);
  });
});

describe("the tag byte 0x23", () => {
  let lab: OpenLab;
  const folder = mkdtempSync(join(tmpdir(), "sluice-tag-"));
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    const config = join(folder, "agent.yaml");
    writeFileSync(config, "tag: 0x23\n", { mode: 0o644 });
    lab = await openLab({ clients: false, farms: [], agentEnv: { SLUICE_CONFIG: config } });
  });
  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("carries connections to their backends, is what conntrack shows, and a cut ends them", async () => {
    const calls = new FarmCalls(lab.socket);
    const farm = shop();
    await calls.put(farm);
    const report = await lab.connect({ address: vip, port: 80, count: 20 });
    expect(report.answered).toEqual({ "web-1": 10, "web-2": 10 });
    const held = await lab.hold({ address: vip, port: 80, count: 4 });
    const ours = async (mark: string) =>
      (await lab.exec("balancer", ["conntrack", "-L", "-m", mark, "-p", "tcp", "--state", "ESTABLISHED"])).stdout;
    expect((await ours("0x23000000/0xff000000")).match(/ESTABLISHED/g)?.length).toBeGreaterThanOrEqual(4);
    expect(await ours("0x51000000/0xff000000")).toBe("");
    const counted = (await lab.exec("balancer", ["nft", "list", "set", "inet", "sluice", "bin"])).stdout;
    expect(counted).toMatch(/0x23000001 counter packets [1-9]/);
    expect(counted).not.toContain("0x51");
    const first = held.filter(({ backend }) => backend === "web-1").map(({ id }) => id);
    await lab.held({ ids: first, action: "stream" });
    await calls.state(farm, 0, "maintenance");
    await calls.cut(farm, 0);
    const ended = await lab.held({ ids: first, action: "await-end", timeoutMs: 5000 });
    expect(ended.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    const rest = held.filter(({ backend }) => backend === "web-2").map(({ id }) => id);
    expect((await lab.held({ ids: rest, action: "ask" })).every(({ error }) => error === null)).toBe(true);
  });
});

/** Asked again until it is so; an event of the kernel's, not a guess at a time. */
async function reached(isSo: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not reached within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
