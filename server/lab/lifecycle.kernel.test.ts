import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { type OpenLab, openLab } from "./open-lab.ts";
import { namespacesOf } from "./open-network.ts";
import { runCommand } from "./run-command.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
const hasUserNamespaces = isRoot && (await runCommand([...asNobody, "unshare", "-Urn", "true"])).code === 0;
const opened: OpenLab[] = [];

async function open(options: Parameters<typeof openLab>[0] = {}): Promise<OpenLab> {
  const lab = await openLab({ clients: false, ...options });
  opened.push(lab);
  return lab;
}
afterEach(async () => {
  for (const lab of opened.splice(0)) await lab.close();
});

/** Processes whose command line or environment names this run. */
function processesOf(lab: OpenLab): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${read(`/proc/${pid}/cmdline`)} ${read(`/proc/${pid}/environ`)}`)
    .filter((text) => text.includes(lab.stateFolder) || text.includes(`sl-${lab.runId}-`));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

async function expectGone(lab: OpenLab): Promise<void> {
  await expect.poll(() => processesOf(lab)).toEqual([]);
  expect(existsSync(lab.runFolder)).toBe(false);
  expect(await namespacesOf(lab.runId)).toEqual([]);
}

describe("the lab's life", () => {
  test("closing it leaves no process, namespace, socket or folder", async () => {
    const lab = await open();
    expect((await lab.connect({ address: "192.168.0.40", port: 80, count: 10 })).failed).toBe(0);
    expect(processesOf(lab).length).toBeGreaterThan(4);
    await lab.close();
    await expectGone(lab);
    expect(existsSync(lab.stateFolder)).toBe(false);
  });

  test.runIf(isRoot)("SIGTERM to its process ends everything the same way", async () => {
    const lab = await open();
    process.kill(lab.pid, "SIGTERM");
    await expect.poll(() => existsSync(lab.runFolder)).toBe(false);
    await expectGone(lab);
  });

  test.runIf(isRoot)("after kill -9 the processes are gone at once and the next lab takes the rest away", async () => {
    // runs of its own: any lab of another test would clean up too
    const runsFolder = mkdtempSync(`${tmpdir()}/sluice-runs-`);
    const lab = await open({ runsFolder });
    process.kill(lab.pid, "SIGKILL");
    await expect.poll(() => processesOf(lab)).toEqual([]);
    expect(await namespacesOf(lab.runId)).not.toEqual([]);
    const next = await open({ runsFolder });
    await expectGone(lab);
    await next.close();
    rmSync(runsFolder, { recursive: true });
  });

  test("labs that open at the same moment do not take each other for dead", async () => {
    const labs = await Promise.all([1, 2, 3, 4].map(() => open({ agent: false, farms: [] })));
    const answers = await Promise.all(labs.map((lab) => lab.exec("clients", ["true"])));
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  test("two labs stand side by side, and a new one does not clean up a living one", async () => {
    const first = await open();
    const second = await open();
    const spec = { address: "192.168.0.40", port: 80, count: 10 };
    expect((await first.connect(spec)).failed).toBe(0);
    expect((await second.connect(spec)).failed).toBe(0);
  });

  test("a crashed agent comes back by itself with its farms, and traffic went on", async () => {
    const lab = await open();
    const before = (await lab.status()).processes.find((one) => one.name === "agent")?.pid;
    await lab.process("agent", "crash");
    expect((await lab.connect({ address: "192.168.0.40", port: 80, count: 20 })).failed).toBe(0);
    const agentPid = async () => (await lab.status()).processes.find((one) => one.name === "agent")?.pid ?? before;
    await expect.poll(agentPid).not.toBe(before);
    expect((await lab.connect({ address: "192.168.0.40", port: 80, count: 20 })).failed).toBe(0);
  });

  test("nobody in the lab has a capability but the agent, which has CAP_NET_ADMIN only", async () => {
    const lab = await open();
    const listed = await lab.exec("balancer", [
      "sh",
      "-c",
      "grep -H -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/[0-9]*/status",
    ]);
    const { processes } = await lab.status();
    for (const { name, pid } of processes) {
      const lines = listed.stdout.split("\n").filter((line) => line.startsWith(`/proc/${pid}/`));
      const mask = name === "agent" ? "0000000000001000" : "0000000000000000";
      expect([name, ...lines.map((line) => line.split("\t")[1])]).toEqual([name, mask, mask, "1"]);
    }
  });
});

describe("an ordinary user's lab (skipped where ordinary users may not make user namespaces, as below a chroot)", () => {
  test.runIf(hasUserNamespaces)(
    "balances every farm of the lab without root and shows nothing on the host",
    async () => {
      const shown = async () => (await runCommand(["sh", "-c", "ip netns list; ip -br link; nft list tables"])).stdout;
      // labs of other tests come and go meanwhile
      const host = async (runId: string) =>
        (await shown()).split("\n").filter((line) => !line.startsWith("sl-") || line.includes(runId));
      const before = await host("none yet");
      const lab = await open({ asUser: nobody });
      expect(await host(lab.runId)).toEqual(before);
      for (const [address, port] of [
        ["192.168.0.40", 80],
        ["192.168.0.41", 80],
        ["192.168.0.42", 443],
        ["fd00:51::40", 80],
      ] as const)
        expect((await lab.connect({ address, port, count: 12 })).failed).toBe(0);
      const udp = await lab.connect({ protocol: "udp", address: "192.168.0.43", port: 53, count: 12 });
      expect(udp.failed).toBe(0);
      await lab.close();
      await expectGone(lab);
    },
  );

  test.runIf(hasUserNamespaces)("kill -9 leaves no process of it", async () => {
    const lab = await open({ asUser: nobody });
    process.kill(lab.pid, "SIGKILL");
    await expect.poll(() => processesOf(lab)).toEqual([]);
  });
});
