/** `/metrics` of a real agent: real connections counted, on the socket and on its own address, and read by a real Prometheus. */
import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Family } from "../core/metrics/exposition.ts";
import {
  backendFamilies,
  balancerFamilies,
  checkFamilies,
  farmFamilies,
  processFamilies,
  webFamilies,
} from "../core/metrics/families.ts";
import { buildProber, isRoot, request, TestAgent, testFarm, until } from "./harness.testing.ts";

// nobody goes down because the machine is busy: what is counted here is exact
const healthCheck = { type: "tcp", intervalMs: 200, timeoutMs: 5000, rise: 1, fall: 1 };
const farm = testFarm(1, { scheduler: "round-robin", healthCheck });
const away = "127.0.0.1:19464";
const hasPrometheus = spawnSync("prometheus", ["--version"]).status === 0;
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
let agent: TestAgent;
const helpers: ChildProcess[] = [];

const server = `
const net = require("net");
for (const host of ["10.20.1.1", "10.20.1.2"])
  net.createServer((socket) => { socket.on("error", () => {}); socket.end("hello"); }).listen(8080, host);
`;
const client = (connections: number) => `
const net = require("net");
(async () => {
  for (let at = 0; at < ${connections}; at++)
    await new Promise((done) => net.connect(80, "10.99.0.1").on("close", done).resume());
})();
`;

beforeAll(async () => {
  agent = await TestAgent.open();
  await agent.kill("SIGKILL");
  const folder = join(agent.dir, "etc");
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, "agent.yaml"), `metricsAddress: ${away}\n`, { mode: 0o644 });
  await agent.start({ SLUICE_CONFIG: join(folder, "agent.yaml"), SLUICE_PROBE_INTERVAL_MS: "200" });
  for (const address of ["10.99.0.1", "10.20.1.1", "10.20.1.2"])
    agent.inside("ip", "addr", "add", `${address}/32`, "dev", "lo");
  helpers.push(agent.run(process.execPath, "-e", server), agent.run(process.execPath, buildProber()));
  await agent.put(farm);
});
afterAll(async () => {
  for (const helper of helpers) helper.kill("SIGKILL");
  await agent.close();
});

/** The page as a scraper in the agent's namespace gets it. */
function scrape(url = `http://${away}/metrics`, host?: string): string {
  const options = host === undefined ? "{}" : JSON.stringify({ headers: { host } });
  const script = `require("http").get("${url}", ${options}, (r) => { r.pipe(process.stdout); })`;
  return agent.inside(process.execPath, "-e", script);
}

function sum(page: string, name: string): number {
  const values = page.split("\n").filter((line) => line.startsWith(`${name}{`));
  return values.reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
}

type Answer = {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly unknown[] };
};

/** Every query of the dashboard for Grafana, with its variables filled in. */
function dashboardQueries(): string[] {
  const file = readFileSync(new URL("../../public/grafana/sluice.json", import.meta.url), "utf8");
  const found: string[] = [];
  JSON.parse(file, (key, value) => {
    if (key === "expr") found.push(String(value));
    return value;
  });
  return found.map((query) =>
    query
      .replaceAll("$instance", ".*")
      .replaceAll("$farm", "farm-1")
      .replaceAll(/\$__(rate_)?interval/g, "30s"),
  );
}

/** web's own, what happens only with a filter or in trouble, and a change within the last seconds */
const mayBeEmpty =
  /sluice_web_|open_time|failed_opens|check_success|backend_out|factor|certificate|turned_away|serving_backends|changes\(/;
const groups = [
  backendFamilies,
  checkFamilies,
  farmFamilies,
  balancerFamilies,
  webFamilies,
  processFamilies("agent"),
  processFamilies("web"),
];
const familyNames = new Set(
  groups.flatMap((group) => Object.values<Family>(group)).flatMap(({ name }) => [name, `${name}_bucket`]),
);

function namesIn(query: string): string[] {
  return query.match(/sluice_\w+/g) ?? [];
}

/** All in one process of the agent's namespace. */
function askAll(listen: string, queries: readonly string[]): string {
  return `(async () => {
    const answers = [];
    for (const query of ${JSON.stringify(queries)})
      answers.push(await (await fetch("http://${listen}/api/v1/query", { method: "POST", body: new URLSearchParams({ query }) })).json());
    process.stdout.write(JSON.stringify(answers));
  })()`;
}

const connectionsTotal = "sluice_backend_new_connections_total";

describe("the page", () => {
  test("counts each new connection, its bytes and the times of probes, and goes on counting after a foreign flush", async () => {
    agent.inside(process.execPath, "-e", client(30));
    await until(() => sum(scrape(), connectionsTotal) === 30);
    agent.nft("flush", "ruleset");
    await until(() => agent.table() !== "" && scrape().includes("sluice_drift_total 1"));
    agent.inside(process.execPath, "-e", client(10));
    await until(() => sum(scrape(), connectionsTotal) === 40);
    const page = scrape();
    expect(page).toContain(`${connectionsTotal}{farm="farm-1",backend="web-1"} 20`);
    expect(sum(page, "sluice_backend_bytes_total")).toBeGreaterThan(40 * 100);
    expect(page).toMatch(/sluice_backend_share_ratio\{farm="farm-1",backend="web-1",kind="planned"\} 0\.5\n/);
    expect(page).toMatch(/sluice_apply_duration_seconds_count [1-9]/);
    await until(() => /sluice_farm_connect_time_seconds_count\{farm="farm-1"\} [1-9]/.test(scrape()));
    await until(() => scrape().includes('sluice_backend_up{farm="farm-1",backend="web-2"} 1'));
    expect(scrape()).toMatch(/sluice_backend_check_duration_seconds\{farm="farm-1",backend="web-2"\} 0\.\d/);
  });

  test("is answered on the socket to callers who know nothing of our protocol", async () => {
    const answer = await request(agent.socket, "GET", "/metrics", undefined, { "sluice-protocol": "" });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("# TYPE sluice_build_info gauge");
  });

  test("is all there is on its address, and only for who asks by an address of this machine", () => {
    expect(scrape(`http://${away}/v1/status`)).toBe("There is only /metrics\n");
    expect(scrape(`http://${away}/metrics`, "attacker.example")).toBe("Ask by the address of this machine\n");
  });

  test.skipIf(!hasPromtool)(
    `is what promtool calls correct${hasPromtool ? "" : " (skipped, missing: promtool)"}`,
    () => {
      const said = execFileSync("promtool", ["check", "metrics"], { input: scrape(), encoding: "utf8" });
      expect(said).toBe("");
    },
  );
});

describe.skipIf(!hasPrometheus)(`a real Prometheus${hasPrometheus ? "" : " (skipped, missing: prometheus)"}`, () => {
  test("scrapes the agent's address: the target is up, its series answer, and so does every query of the dashboard", async () => {
    const folder = join(agent.dir, "prometheus");
    mkdirSync(folder);
    const scrapes = `scrape_configs: [{ job_name: sluice, static_configs: [{ targets: ["${away}"] }] }]\n`;
    writeFileSync(join(folder, "prometheus.yml"), `global: { scrape_interval: 1s, scrape_timeout: 1s }\n${scrapes}`);
    const listen = "127.0.0.1:19090";
    const options = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    helpers.push(agent.run("prometheus", ...options, `--web.listen-address=${listen}`, "--log.level=error"));
    const query = (what: string) => {
      try {
        return scrape(`http://${listen}/api/v1/query?query=${encodeURIComponent(what)}`);
      } catch {
        return "";
      }
    };
    await until(() => /"value":\[[0-9.]+,"1"\]/.test(query('up{job="sluice"}')), 30_000);
    const shares = query('sum(sluice_backend_share_ratio{farm="farm-1",kind="programmed"})');
    expect(shares).toMatch(/"value":\[[0-9.]+,"1"\]/);
    await until(() => query(`sum(${connectionsTotal})`).includes(`"${sum(scrape(), connectionsTotal)}"`));
    const asked = dashboardQueries();
    agent.inside(process.execPath, "-e", client(30));
    await until(() => query('sluice_backend_share_ratio{kind="observed"}').includes('"value"'));
    // rates need two scrapes
    await until(() => query(`count_over_time(up[30s])`).match(/"value":\[[0-9.]+,"([2-9]|\d\d+)"\]/) !== null);
    const answers = JSON.parse(agent.inside(process.execPath, "-e", askAll(listen, asked))) as Answer[];
    for (const [at, { status, data, error }] of answers.entries()) {
      const asks = asked[at] ?? "";
      expect(status, `${asks}: ${error}`).toBe("success");
      expect(
        namesIn(asks).filter((name) => !familyNames.has(name)),
        asks,
      ).toEqual([]);
      if (!mayBeEmpty.test(asks)) expect(data?.result.length, asks).toBeGreaterThan(0);
    }
  });
});

test.runIf(isRoot)("an address that is taken does not stop the agent: its status says so", async () => {
  const taken = agent.run(process.execPath, "-e", `require("net").createServer().listen(19465, "127.0.0.1")`);
  helpers.push(taken);
  await until(() => agent.inside("ss", "-Hltn", "sport = :19465").includes("19465"));
  await agent.kill("SIGKILL");
  writeFileSync(join(agent.dir, "etc", "agent.yaml"), "metricsAddress: 127.0.0.1:19465\n");
  await agent.start({ SLUICE_CONFIG: join(agent.dir, "etc", "agent.yaml") });
  expect(JSON.stringify((await agent.status()).features)).toContain("127.0.0.1:19465 cannot be listened on");
});
