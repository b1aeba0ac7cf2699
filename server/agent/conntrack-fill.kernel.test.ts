/** Connection tracking filled on the real kernel: the event comes, and goes when it is well below again. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRoot, TestAgent, testFarm, until } from "./harness.testing.ts";

const max = Number(readFileSync("/proc/sys/net/netfilter/nf_conntrack_max", "utf8"));
/** a namespace cannot lower the bound, so the table is really filled: not where it is huge */
const fillableMax = 300_000;
const portsPerClient = 60_000;
let agent: TestAgent;

beforeAll(async () => {
  agent = await TestAgent.open();
  await agent.put(testFarm(1));
});
afterAll(() => agent.close());

/** Entries as clients would have made them, restored by the thousand. */
function fill(count: number): void {
  const lines = Array.from({ length: count }, (_, at) => {
    const client = `10.61.${Math.floor(at / portsPerClient)}.2`;
    const port = 1024 + (at % portsPerClient);
    return (
      `-A -s ${client} -d 172.20.0.1 -r 10.64.0.1 -q ${client} -p tcp --sport ${port} --dport 80 --reply-port-src 80 ` +
      `--reply-port-dst ${port} --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3600`
    );
  });
  const file = join(agent.dir, "entries");
  writeFileSync(file, `${lines.join("\n")}\n`);
  agent.inside("conntrack", "-R", file);
}

test.runIf(max <= fillableMax)("80 percent is an event and a sample, and so is being well below again", async () => {
  fill(Math.ceil(max * 0.81));
  await until(() => agent.log.includes("Connection tracking is 81 % full"));
  agent.inside("conntrack", "-F");
  await until(() => /Connection tracking is at \d+ % again/.test(agent.log));
  expect(agent.log).not.toContain("Connection tracking is 95 % full");
});

test("a bound that this namespace may not change stays, and is said with the command", async () => {
  await agent.kill("SIGKILL");
  const config = join(agent.dir, "agent.yaml");
  writeFileSync(config, `sysctls:\n  net.netfilter.nf_conntrack_max: ${max + 1}\n`, { mode: 0o644 });
  await agent.start({ SLUICE_CONFIG: config });
  await until(async () => (await agent.status()).conntrackMax !== null);
  const { features, conntrackMax } = await agent.status();
  const isSet = conntrackMax === max + 1;
  expect(JSON.stringify(features)).toContain(
    isSet ? `nf_conntrack_max is ${max + 1}, as configured` : `sysctl -w net.netfilter.nf_conntrack_max=${max + 1}`,
  );
});

test.runIf(isRoot)(
  "a small table is found by the preflight, with the command, and no longer once it is large",
  async () => {
    await agent.kill("SIGKILL");
    const bound = join(agent.dir, "bound");
    writeFileSync(bound, "30000\n");
    // a namespace cannot change the bound: this agent is shown another one where the kernel's own stands
    const place = "/proc/sys/net/netfilter/nf_conntrack_max";
    const shown = `exec unshare -m sh -c 'mount --bind ${bound} ${place} && exec "$@"' sh "$@"`;
    await agent.start({ TEST_SHELL: shown });
    const finding = async () => {
      const { findings } = await agent.status();
      return Array.isArray(findings) ? findings.find(({ id }) => id === "conntrack size") : undefined;
    };
    await until(async () => (await finding()) !== undefined, 20_000);
    expect(await finding()).toMatchObject({
      level: "warning",
      text: "Connection tracking holds at most 30000 connections; when it is full, new ones are dropped",
      command: "sysctl -w net.netfilter.nf_conntrack_max=262144",
    });
    writeFileSync(bound, "262144\n");
    await until(async () => (await finding()) === undefined, 20_000);
  },
);
