/** What real connections say, with real packets: how long opening takes, who fails, and that a farm takes out who fails its clients. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { Farm } from "../core/farm/types.ts";
import type { FarmLive } from "../core/metrics/live.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitRow } from "./live-rows.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

const backend = (number: number) => ({ address: `192.168.100.${9 + number}`, port: 80 });

async function feature(): Promise<{ ok: boolean; text: string } | undefined> {
  const status = await createAgentLink({ socketPath: lab.socket }).status();
  if (!status.ok) throw new Error(status.error.text);
  return status.value.features.find(({ name }) => name === "latency from real traffic");
}

async function metric(line: string): Promise<string | undefined> {
  const page = await createAgentLink({ socketPath: lab.socket }).metrics();
  if (!page.ok) throw new Error(page.error.text);
  let text = "";
  for await (const piece of page.value) text += new TextDecoder().decode(piece);
  return text.split("\n").find((each) => each.startsWith(line));
}

describe("latency from real traffic", () => {
  const vip = "192.168.0.40";
  const farm = makeFarm({
    name: "timed",
    addresses: [vip],
    scheduler: "round-robin",
    backends: [backend(1), backend(2)],
  });
  /** every other SYN of clients (not of probes) is lost on the way: its retry comes a second later */
  const losing = `table inet slow {
    chain in {
      type filter hook input priority 0
      ip saddr 192.168.0.0/24 tcp dport 80 tcp flags syn numgen inc mod 2 0 drop
    }
  }\n`;

  test("each connection is timed by the kernel, per backend, and takes no longer than its client saw", async () => {
    await farms.put(farm);
    expect(await feature()).toMatchObject({ ok: true });
    const client = await lab.connect({ address: vip, port: 80, count: 40, concurrency: 1 });
    expect(client.failed).toBe(0);
    // one whose ACK was there before the kernel told of its SYN-ACK is not timed
    const seen = await awaitRow(lab.socket, farm.id, ({ traffic }) => (traffic?.samples ?? 0) > 36);
    const [first, second] = seen?.row.backends ?? [];
    for (const each of [first, second]) {
      expect(each?.traffic?.samples).toBeGreaterThan(16);
      expect(each?.traffic?.samples).toBeLessThanOrEqual(20);
      expect(each?.traffic?.failed).toBe(0);
    }
    const p50Ms = seen?.row.traffic?.p50Ms ?? 0;
    expect(p50Ms).toBeGreaterThan(0);
    expect(p50Ms).toBeLessThan(client.durationMs / 40);
    expect(first?.trafficOpened?.p50Ms ?? 0).toBeGreaterThan(first?.traffic?.p50Ms ?? Number.POSITIVE_INFINITY);
    const history = await createAgentLink({ socketPath: lab.socket }).series(farm.id, Date.now() - 60_000, Date.now());
    if (!history.ok) throw new Error(history.error.text);
    const drawn = [history.value.traffic, ...history.value.backends.map(({ traffic }) => traffic)];
    expect(drawn.map((times) => (times?.p95Ms.findLast((value) => value !== null) ?? 0) > 0)).toEqual([
      true,
      true,
      true,
    ]);
    expect(await metric('sluice_farm_open_time_seconds_count{farm="timed"')).toMatch(/ (3[7-9]|40)$/);
  });

  test("a backend that answers late is told from the one beside it", async () => {
    const made = await lab.exec("web-2", ["nft", "-f", "-"], losing);
    expect(made.stderr).toBe("");
    const client = await lab.connect({ address: vip, port: 80, count: 2, concurrency: 1, timeoutMs: 5000 });
    await lab.exec("web-2", ["nft", "delete", "table", "inet", "slow"]);
    expect(client.answered).toEqual({ "web-1": 1, "web-2": 1 });
    const isLate = (p99Ms: number | null | undefined) => (p99Ms ?? 0) > 500;
    const seen = await awaitRow(lab.socket, farm.id, ({ backends }) => isLate(backends[1]?.traffic?.p99Ms));
    expect(seen?.row.backends[1]?.traffic?.p99Ms).toBeGreaterThan(900);
    expect(seen?.row.backends[1]?.traffic?.p99Ms).toBeLessThan(client.durationMs * 1.03);
    expect(seen?.row.backends[0]?.traffic?.p99Ms).toBeLessThan(500);
  });
});

describe("a farm that takes out who fails its clients", () => {
  const vip = "192.168.0.41";
  const farm: Farm = makeFarm({
    name: "judged",
    addresses: [vip],
    scheduler: "round-robin",
    backends: [backend(1), backend(2), backend(3)],
    outlier: { opensMin: 5, windowS: 30, holdS: 60, ejectedPctMax: 40 },
  });
  const connect = (count: number, source = "192.168.0.110") =>
    lab.connect({ address: vip, port: 80, count, source, concurrency: 4 });
  const isOut = (index: number) => (row: FarmLive) => row.backends[index]?.out !== undefined;

  /** Clients go on until the backend is out: how many of them failed, and what is said of it. */
  async function failUntilOut(index: number) {
    const errors: string[] = [];
    const seen = awaitRow(lab.socket, farm.id, isOut(index));
    let isOver = false;
    void seen.finally(() => {
      isOver = true;
    });
    while (!isOver)
      for (const [error, count] of Object.entries((await connect(9, "192.168.0.101")).errors))
        errors.push(...Array.from({ length: count }, () => error));
    return { errors, backend: (await seen)?.row.backends[index] };
  }

  beforeEach(async () => {
    await farms.put(farm);
    await awaitRow(lab.socket, farm.id, (row) => row.serving === 3);
  });

  test("who refuses is out within seconds, clients fail no more, and when nobody asks any more it is back", async () => {
    await lab.setBackend("web-1", { isListening: false });
    const { errors, backend: refusing } = await failUntilOut(0);
    expect(errors).toContain("ECONNREFUSED");
    expect(refusing?.out).toMatchObject({ why: "ejected" });
    expect(refusing?.out?.text).toMatch(/^[0-9,]+ of [0-9,]+ opens refused$/);
    expect((await connect(30)).failed).toBe(0);
    const refused = async () =>
      Number(
        (await metric('sluice_backend_failed_opens_total{farm="judged",backend="web-1",how="refused"}'))
          ?.split(" ")
          .at(-1),
      );
    await expect.poll(refused).toBe(errors.filter((error) => error === "ECONNREFUSED").length);
    await lab.setBackend("web-1", { isListening: true });
    await farms.put({ ...farm, outlier: null });
    await awaitRow(lab.socket, farm.id, (row) => !isOut(0)(row));
    expect((await connect(30)).answered).toEqual({ "web-1": 10, "web-2": 10, "web-3": 10 });
  });

  test("half dead: it takes every connection and passes its probes, and is out because its clients are reset", async () => {
    await lab.setBackend("web-2", { isResetting: true });
    const { errors, backend: halfDead } = await failUntilOut(1);
    expect(errors).toContain("ECONNRESET");
    expect(halfDead?.out?.text).toMatch(/^[0-9,]+ of [0-9,]+ opens reset at once$/);
    expect(halfDead?.connect?.failed).toBe(0);
    expect((await connect(30)).failed).toBe(0);
  });
});
