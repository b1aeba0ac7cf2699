import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { FarmLive, LiveEvent } from "../core/metrics/live.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitEvents, awaitRow } from "./live-rows.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const isLong = process.env.SLUICE_LONG === "1";
const vips = ["192.168.0.61", "192.168.0.62"];
const withinMs = 12_000;
const part = 100 / 3;
const machines = ["web-1", "web-2", "web-3"];
const calm = 20;

function hasNodeExporter(): boolean {
  try {
    execFileSync("prometheus-node-exporter", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The real exporter of each machine reads how busy it is from a folder of ours instead of /proc. */
class Machines {
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-proc-"));
  readonly busyPct = new Map(machines.map((name) => [name, calm]));
  readonly #ticks = new Map(machines.map((name) => [name, { busy: 1000, idle: 1000 }]));
  readonly #timer: NodeJS.Timeout;
  readonly #pids: { readonly name: string; readonly pid: string }[] = [];

  constructor() {
    for (const name of machines) mkdirSync(join(this.folder, name));
    this.#write();
    this.#timer = setInterval(() => this.#write(), 100);
  }

  async start(lab: OpenLab): Promise<void> {
    for (const name of machines) {
      const only = "--collector.disable-defaults --collector.cpu --web.listen-address=:9100";
      const program = `prometheus-node-exporter ${only} --path.procfs=${join(this.folder, name)}`;
      const { stdout } = await lab.exec(name, ["sh", "-c", `${program} >/dev/null 2>&1 & echo $!`]);
      this.#pids.push({ name, pid: stdout.trim() });
    }
  }

  async stop(lab: OpenLab): Promise<void> {
    clearInterval(this.#timer);
    for (const { name, pid } of this.#pids) await lab.exec(name, ["kill", pid]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(): void {
    for (const name of machines) {
      const ticks = this.#ticks.get(name) ?? { busy: 0, idle: 0 };
      const busy = (this.busyPct.get(name) ?? 0) / 10;
      ticks.busy += busy;
      ticks.idle += 10 - busy;
      const figures = [ticks.busy, 0, 0, ticks.idle, 0, 0, 0, 0, 0, 0].map(Math.round).join(" ");
      const path = join(this.folder, name, "stat");
      writeFileSync(`${path}.new`, `cpu  ${figures}\ncpu0 ${figures}\n`);
      renameSync(`${path}.new`, path);
    }
  }
}

const elements = z.object({ nftables: z.array(z.unknown()) });
const slotMap = z.object({ map: z.object({ elem: z.array(z.tuple([z.number(), z.number()])) }) });

/** Percent of a farm's slots in the kernel, by the kernel's numbers of its backends. */
async function slotShares(lab: OpenLab, ids: readonly number[]): Promise<number[]> {
  const listed = await lab.exec("balancer", ["nft", "-j", "list", "map", "inet", "sluice", "slots"]);
  const [map] = elements
    .parse(JSON.parse(listed.stdout))
    .nftables.flatMap((each) => slotMap.safeParse(each).data ?? []);
  const owners = (map?.map.elem ?? []).map(([, mark]) => mark % 0x1000000).filter((id) => ids.includes(id));
  return ids.map((id) => (100 * owners.filter((own) => own === id).length) / owners.length);
}

/** Programmed, by the backend's place. */
const shareOf = (row: FarmLive, at: number) => row.backends[at]?.programmedPct ?? Number.NaN;
const whyOf = (row: FarmLive, at: number) => row.backends[at]?.weights?.dynamic;
const hasFallen = (row: FarmLive) => shareOf(row, 2) < part / 2;

const backends = machines.map((_, at) => ({ address: `192.168.100.${10 + at}`, port: 80 }));
const healthCheck = { type: "http", intervalMs: 500, timeoutMs: 400 };
const measured = {
  response: makeFarm({ name: "by-response", addresses: [vips[0]], scheduler: "least-response", healthCheck, backends }),
  load: makeFarm({
    name: "by-load",
    addresses: [vips[1]],
    scheduler: "least-load",
    dynamic: { load: { type: "node-exporter" } },
    backends,
  }),
};

describe("weights that follow what is measured", () => {
  const busy = new Machines();
  let lab: OpenLab;
  let falls: Promise<readonly (FarmLive | null)[]>;
  let told: Promise<readonly string[]>;

  beforeAll(async () => {
    lab = await openLab({ clients: false, farms: [], backends: 3 });
    if (hasNodeExporter()) await busy.start(lab);
    busy.busyPct.set("web-3", 99);
    for (const [at, name] of machines.entries()) await lab.setBackend(name, { latencyMs: at === 2 ? 50 : 10 });
    const calls = new FarmCalls(lab.socket);
    for (const farm of [measured.response, measured.load]) await calls.put(farm);
    const ids = [measured.response.id, measured.load.id];
    falls = Promise.all(ids.map(async (id) => (await awaitRow(lab.socket, id, hasFallen, withinMs))?.row ?? null));
    told = Promise.all(
      ids.map(async (id) => {
        // each tells of who moved most: on a busy machine that may be another one first
        const isOfThird = ({ kind, text }: LiveEvent) => kind === "weight" && text.includes("web-3");
        const events = await awaitEvents(lab.socket, id, isOfThird, withinMs);
        return events.map(({ text }) => text).join();
      }),
    );
  });
  afterAll(async () => {
    await busy.stop(lab);
    await lab.close();
  });

  test("take more than half its part from a backend that answers five times slower, within 10 s, and say why", async () => {
    const [row = null] = await falls;
    expect(row && shareOf(row, 2)).toBeLessThan(part / 2);
    expect(row && whyOf(row, 2)?.text).toMatch(/^p95 \d+ ms against \d+ ms/);
    expect((await told)[0]).toMatch(/web-3 \d+ % to \d+ %: p95 \d+ ms against \d+ ms/);
    const [, , third] = await slotShares(lab, [1, 2, 3]);
    expect(third).toBeLessThan(part / 2);
  });

  test.skipIf(!hasNodeExporter())(
    "and from a machine that is busy (skipped without prometheus-node-exporter)",
    async () => {
      const [, row = null] = await falls;
      expect(row && shareOf(row, 2)).toBeLessThan(part / 2);
      expect(row && whyOf(row, 2)?.text).toMatch(/^CPU (9\d|100) % against [12]\d %/);
      expect((await told)[1]).toMatch(/web-3 \d+ % to \d+ %: CPU (9\d|100) % against [12]\d %/);
      const [, , third] = await slotShares(lab, [4, 5, 6]);
      expect(third).toBeLessThan(part / 2);
    },
  );

  test.runIf(isLong)("give it back when it answers as before, with at most a fifth more than its part", async () => {
    await lab.setBackend("web-3", { latencyMs: 10 });
    const shares: number[] = [];
    const isBack = (row: FarmLive) => shares.push(shareOf(row, 2)) > 5 && (shares.at(-1) ?? 0) > part * 0.8;
    const seen = await awaitRow(lab.socket, measured.response.id, isBack, 30_000);
    expect(seen && shareOf(seen.row, 2)).toBeGreaterThan(part * 0.8);
    expect(Math.max(...shares)).toBeLessThan(part * 1.2);
  });

  test.runIf(isLong)("stay as they are while nobody measures, and say that", async () => {
    await lab.process("prober", "stop");
    // one after the other is not measured any more; who is last may still move by what it was measured
    const isHeld = (row: FarmLive) => row.backends.every((_, at) => whyOf(row, at)?.isHeld === true);
    const held = await awaitRow(lab.socket, measured.load.id, isHeld, 15_000);
    expect(held && whyOf(held.row, 2)?.text).toBe("nothing measured lately");
    const [, , third] = await slotShares(lab, [4, 5, 6]);
    expect(third).toBeLessThan(part / 2);
    expect(third).toBe(held === null ? null : shareOf(held.row, 2));
  });

  test.runIf(isLong)("stay as they are when the agent dies and comes back", async () => {
    const before = await slotShares(lab, [4, 5, 6]);
    await lab.process("agent", "kill");
    await lab.process("agent", "start");
    await awaitRow(lab.socket, measured.load.id, (row) => whyOf(row, 2)?.isHeld === true, 15_000);
    expect(await slotShares(lab, [4, 5, 6])).toEqual(before);
  });
});
