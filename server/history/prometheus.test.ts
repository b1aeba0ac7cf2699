/** Long history from a real Prometheus with two days in it, and from things that only claim to be one. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { gridFor } from "../core/metrics/downsample.ts";
import { createPrometheus, queriesOf } from "./prometheus.ts";

const missing = ["prometheus", "promtool"].filter((program) => spawnSync(program, ["--version"]).status !== 0);
const farm = sampleFarm(1, [{}, {}]);
const dayMs = 24 * 3600_000;
const stepMs = 300_000;
/** a whole hour, so that every run has the same points */
const nowMs = Math.floor(Date.now() / 3600_000) * 3600_000;
const folder = mkdtempSync(join(tmpdir(), "sluice-prometheus-"));
let child: ChildProcess | null = null;
const servers: Server[] = [];

beforeAll(async () => {
  if (missing.length > 0) return;
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "days.txt"), twoDays());
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", `${folder}/days.txt`, `${folder}/data`], {
    stdio: "ignore",
  });
  writeFileSync(join(folder, "prometheus.yml"), "scrape_configs: []\n");
  const options = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const own = ["--storage.tsdb.retention.time=30d", `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"];
  child = spawn("prometheus", [...options, ...own], { stdio: "ignore" });
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).ok).toBe(true), {
    timeout: 20_000,
    interval: 50,
  });
}, 30_000);
afterAll(() => {
  child?.kill("SIGKILL");
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

let url = "";

/** web-1 gets 3 connections a second, web-2 one; scraped twice, and a farm of the same name on another balancer. */
function twoDays(): string {
  const lines: string[] = [];
  const moments = Array.from({ length: (2 * dayMs) / stepMs + 1 }, (_, at) => nowMs - 2 * dayMs + at * stepMs);
  const each = (name: string, type: string, labels: string, value: (seconds: number) => number) => {
    const head = `# TYPE ${name} ${type}`;
    if (!lines.includes(head)) lines.push(head);
    const sample = type === "counter" ? `${name}_total` : name;
    for (const at of moments) lines.push(`${sample}{${labels}} ${value((at - nowMs) / 1000 + 172_800)} ${at / 1000}`);
  };
  const series = (instance: string, backend: string) => `instance="${instance}",farm="farm-1",backend="${backend}"`;
  for (const instance of ["web", "agent"])
    for (const [backend, perS] of [
      ["web-1", 3],
      ["web-2", 1],
    ] as const)
      each("sluice_backend_new_connections", "counter", series(instance, backend), (seconds) => seconds * perS);
  each("sluice_backend_new_connections", "counter", series("other", "web-1"), (seconds) => seconds * 1000);
  each("sluice_backend_active_connections", "gauge", series("web", "web-1"), () => 42);
  each("sluice_backend_share_ratio", "gauge", `${series("web", "web-2")},kind="planned"`, () => 0.25);
  return `${lines.join("\n")}\n# EOF\n`;
}

function reader(base: string) {
  const labels = [["instance", "web"]] as const;
  return createPrometheus({ url: base, bearer: null, labels, fetch, nowMs: () => nowMs, answerBytesMax: 1_000_000 });
}

describe.skipIf(missing.length > 0)(
  `a real Prometheus${missing.length > 0 ? ` (skipped, missing: ${missing.join(", ")})` : ""}`,
  () => {
    test("gives each point of a long range, of our balancer alone, and nothing before its first scrape", async () => {
      const grid = gridFor(nowMs - 7 * dayMs, nowMs, 60_000);
      const read = await reader(url).read(farm, grid);
      if (!read.ok) throw new Error(read.error.text);
      const [first, second] = read.value.backends;
      expect(first?.newPerS).toHaveLength(grid.atMs.length);
      const known = grid.atMs.flatMap((at, index) =>
        at >= nowMs - 2 * dayMs && at + grid.stepMs <= nowMs ? [index] : [],
      );
      expect(known.length).toBeGreaterThan(10);
      for (const index of known) {
        expect(first?.newPerS[index]).toBeCloseTo(3);
        expect(second?.newPerS[index]).toBeCloseTo(1);
        expect([first?.active[index], second?.plannedPct[index]]).toEqual([42, 25]);
      }
      const before = first?.newPerS.slice(0, (known[0] ?? 0) - 1) ?? [];
      expect(new Set(before)).toEqual(new Set([null]));
      expect(new Set(read.value.connect.p95Ms)).toEqual(new Set([null]));
    });

    test("takes every query, also with names that would end a string", async () => {
      for (const query of Object.values(queriesOf('a"}\\\n or up{x="', [["job", 'b"']], 300))) {
        const answer = await fetch(`${url}/api/v1/query`, { method: "POST", body: new URLSearchParams({ query }) });
        expect(await answer.json(), query).toMatchObject({ status: "success", data: { result: [] } });
      }
    });
  },
);

describe("what is no Prometheus", () => {
  const grid = gridFor(nowMs - 7 * dayMs, nowMs, 60_000);
  test.each([
    ["nonsense", "not json", "it does not answer"],
    [
      "another shape",
      JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } }),
      "its answer is not understood",
    ],
    ["an answer without end", null, "its answer is too long"],
  ])("%s is a failure with a sentence", async (_name, body, text) => {
    const base = await serve(body);
    expect(await reader(base).read(farm, grid)).toMatchObject({ ok: false, error: { text } });
  });

  test("a port where nobody listens is one as well", async () => {
    const base = `http://127.0.0.1:${await freePort()}`;
    expect(await reader(base).read(farm, grid)).toMatchObject({ ok: false, error: { text: "it does not answer" } });
  });
});

async function serve(body: string | null): Promise<string> {
  const piece = "x".repeat(1024 * 1024);
  const server = createServer((_request, response) => {
    if (body !== null) return response.end(body);
    const more = () => {
      if (!response.destroyed && response.write(piece)) setImmediate(more);
    };
    response.on("drain", more);
    more();
    return response;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
