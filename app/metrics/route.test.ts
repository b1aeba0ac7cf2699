import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GET } from "./route.ts";

const token = "a-token-of-some-length";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-metrics-"));
  vi.stubEnv("SLUICE_DATA", folder);
  vi.stubEnv("SLUICE_SOCKET", join(folder, "agent.sock"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (authorization?: string) =>
  GET(new Request("http://console/metrics", authorization === undefined ? {} : { headers: { authorization } }));

test("the metrics are for who has the token of the file, also while agent and database are gone", async () => {
  expect((await ask(`Bearer ${token}`)).status).toBe(401);
  writeFileSync(join(folder, "metrics-token"), `${token}\n`, { mode: 0o600 });
  const stranger = await ask("Bearer another-token-of-length");
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get("www-authenticate")).toContain("Bearer");
  const answer = await ask(`Bearer ${token}`);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  const text = await answer.text();
  expect(text).toContain("sluice_web_agent_up 0\n");
  expect(text).toMatch(/sluice_web_resident_memory_bytes [1-9]/);
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
test.skipIf(!hasPromtool)(
  `web's own part is what promtool calls correct${hasPromtool ? "" : " (skipped, missing: promtool)"}`,
  async () => {
    writeFileSync(join(folder, "metrics-token"), `${token}\n`, { mode: 0o600 });
    const page = await (await ask(`Bearer ${token}`)).text();
    const { stdout, stderr, status } = spawnSync("promtool", ["check", "metrics"], { input: page, encoding: "utf8" });
    expect([stdout, stderr, status]).toEqual(["", "", 0]);
  },
);

test("the agent's page is passed on to its last byte, after web's own", async () => {
  writeFileSync(join(folder, "metrics-token"), `${token}\n`, { mode: 0o600 });
  const line = 'sluice_farm_backends{farm="shop"} 2\n';
  const agent = http.createServer((request, response) => {
    if (request.url !== "/metrics") return response.writeHead(404).end();
    for (let at = 0; at < 5000; at++) response.write(line);
    response.end();
  });
  await new Promise<void>((resolve) => agent.listen(join(folder, "agent.sock"), resolve));
  const text = await (await ask(`Bearer ${token}`)).text();
  expect(text.startsWith("# HELP sluice_web_agent_up ")).toBe(true);
  expect(text).toContain("sluice_web_agent_up 1\n");
  expect(text.endsWith(line.repeat(5000))).toBe(true);
  agent.closeAllConnections();
  await new Promise((resolve) => agent.close(resolve));
});
