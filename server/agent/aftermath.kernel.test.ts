import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestAgent, testFarm, until } from "./harness.testing.ts";

let agent: TestAgent;
const farm = testFarm(1);

beforeEach(async () => {
  agent = await TestAgent.open();
  await agent.put(farm);
  await agent.put(testFarm(2));
});
afterEach(() => agent.close());

/** An established connection to the first farm. The mark comes last: after `-u` this conntrack takes it for something else. */
function track(sourcePort: string, mark: string): void {
  const entry = ["-s", "10.0.0.9", "-d", "10.99.0.1", "-p", "tcp", "--sport", sourcePort, "--dport", "80"];
  const state = ["-t", "600", "--state", "ESTABLISHED", "-u", "ASSURED"];
  agent.inside("conntrack", "-I", ...entry, ...state, "-m", mark);
}

describe("what a change leaves behind", () => {
  test("is taken away a moment later: slots of a farm that is gone, ids that no connection carries", async () => {
    await agent.change([{ type: "remove-farm", base: 1, farmId: farm.id }]);
    expect(agent.nft("list", "set", "inet", "sluice", "bin")).toContain("0x51000001");
    await until(() => !agent.nft("list", "map", "inet", "sluice", "slots").includes("0xd1000000"));
    await until(() => !agent.nft("list", "set", "inet", "sluice", "bin").includes("0x51000001"));
    const clean = agent.table();
    await agent.kill("SIGKILL");
    agent.nft("flush", "ruleset");
    await agent.start();
    expect(agent.table()).toBe(clean);
    await agent.put({ ...farm, name: "again" });
    expect(agent.table()).not.toContain("0x51000001");
  });

  test("stays counted while a connection carries it", async () => {
    track("1000", "0x51000001");
    await agent.change([{ type: "remove-farm", base: 1, farmId: farm.id }]);
    await until(() => !agent.nft("list", "set", "inet", "sluice", "bin").includes("0x51000002"));
    expect(agent.nft("list", "set", "inet", "sluice", "bin")).toContain("0x51000001");
    agent.inside("conntrack", "-D", "-m", "0x51000001");
    await until(() => !agent.nft("list", "set", "inet", "sluice", "bin").includes("0x51000001"));
  });
});

describe("a cut", () => {
  const [web] = farm.backends;
  /** which directions are reset now, both as of one moment */
  const cutNow = () => {
    const listed = agent.nft("list", "table", "inet", "sluice");
    return ["cut_orig", "cut_reply"].filter((name) =>
      new RegExp(`set ${name} \\{[^}]*elements = \\{[^}]*0x51000001`).test(listed),
    );
  };
  const prepare = async () => {
    const states = { [web?.id ?? ""]: "drain" } as const;
    await agent.change([{ type: "set-admin-state", base: 1, farmId: farm.id, states }]);
    track("1000", "0x51000001");
    track("1001", "0x1234");
  };
  const connections = () => agent.inside("conntrack", "-L", "-o", "extended");
  const isCleared = () => cutNow().length === 0;

  test("resets in the original direction first, then both, then forgets; connections of others stay", async () => {
    await prepare();
    await agent.change([{ type: "cut", base: 3, farmId: farm.id, backendId: web?.id ?? "" }]);
    const seen: string[] = [];
    await until(() => {
      const now = cutNow().join(" and ");
      if (now !== (seen.at(-1) ?? "")) seen.push(now);
      return seen.length > 0 && now === "";
    });
    expect(seen).toEqual(["cut_orig", "cut_orig and cut_reply", ""]);
    expect(connections()).not.toContain("mark=1358954497");
    expect(connections()).toContain("mark=4660");
  });

  test("of a backend that is active is refused", async () => {
    const answer = await agent.change([{ type: "cut", base: 1, farmId: farm.id, backendId: web?.id ?? "" }]);
    expect(answer).toMatchObject({ outcome: "refused", error: { code: "invalid" } });
  });

  test("that the agent's death broke off is finished after the restart", async () => {
    await prepare();
    await agent.change([{ type: "cut", base: 3, farmId: farm.id, backendId: web?.id ?? "" }]);
    await agent.kill("SIGKILL");
    expect(connections()).toContain("mark=1358954497");
    await agent.start();
    await until(() => !connections().includes("mark=1358954497"));
    await until(isCleared);
  });
});

describe("a UDP farm", () => {
  const flow = ["-s", "10.0.0.9", "-d", "10.99.0.60", "-p", "udp", "--sport", "1000", "--dport", "53"];
  const udp = testFarm(60, { protocol: "udp", ports: [53] });
  const flows = () => agent.inside("conntrack", "-L", "-p", "udp");

  test("gets the flows that are older than it: they are forgotten once when it comes, is enabled, or gets a port", async () => {
    const old = (port: string) => agent.inside("conntrack", "-I", ...flow.with(9, port), "-t", "600");
    old("53");
    old("54");
    await agent.put(udp);
    await until(() => !flows().includes("dport=53"));
    expect(flows()).toContain("dport=54");
    await agent.put({ ...udp, ports: [53, 54] }, 3);
    await until(() => !flows().includes("dport=54"));
  });

  test("that loses a backend forgets the flows of that backend, however many, and no others", async () => {
    await agent.put(udp);
    const idOf = (at: number) =>
      Number.parseInt(new RegExp(`0x510000([0-9a-f]{2}) : 10\\.20\\.60\\.${at}`).exec(agent.table())?.[1] ?? "", 16);
    const [left, stays] = [idOf(1), idOf(2)].map((id) => String(0x51000000 + id));
    const many = `for at in $(seq 300); do echo "-A -s 10.0.0.9 -d 10.99.0.60 -p udp --sport $((2000 + at)) --dport 53 -t 600 -m ${left}"; done`;
    agent.inside("sh", "-c", `{ ${many}; } > ${agent.dir}/flows; conntrack -R ${agent.dir}/flows`);
    const sixth = ["-s", "fd00::9", "-d", "fd99::60", "-p", "udp", "--sport", "1000", "--dport", "53"];
    agent.inside("conntrack", "-I", ...sixth, "-t", "600", "-m", left ?? "");
    agent.inside("conntrack", "-I", ...flow, "-t", "600", "-m", stays ?? "");
    await agent.put({ ...udp, backends: udp.backends.slice(1) }, 3);
    await until(() => agent.log.includes("301 older flows were scheduled again"));
    const kept = `${flows()}${agent.inside("conntrack", "-L", "-f", "ipv6", "-p", "udp")}`.trim().split("\n");
    expect(kept).toEqual([expect.stringContaining(`mark=${stays}`)]);
  });
});
