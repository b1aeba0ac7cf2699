/** Alerts to a real Alertmanager. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sendAlerts } from "./alertmanager.ts";
import { sampleParcel } from "./sample-parcel.testing.ts";

const program = "prometheus-alertmanager";
const has = spawnSync(program, ["--version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "sluice-am-"));
let child: ChildProcess | null = null;
let url = "";

beforeAll(async () => {
  if (!has) return;
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const config = join(folder, "am.yml");
  writeFileSync(config, "route: { receiver: none }\nreceivers: [{ name: none }]\n");
  const options = [
    `--config.file=${config}`,
    `--storage.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  child = spawn(program, [...options, "--cluster.listen-address=", "--log.level=error"], { stdio: "ignore" });
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).ok).toBe(true), {
    timeout: 20_000,
    interval: 50,
  });
});
afterAll(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function alerts(): Promise<{ labels: Record<string, string>; annotations: Record<string, string> }[]> {
  return (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as Awaited<ReturnType<typeof alerts>>;
}

describe.skipIf(!has)(`a real Alertmanager${has ? "" : ` (skipped, missing: ${program})`}`, () => {
  test("a problem is one alert however often it is told, and its end takes it away", async () => {
    const nowMs = Date.now();
    const settings = { kind: "alertmanager", url } as const;
    const parcel = sampleParcel({ settings, nowMs });
    const [line] = parcel.notice.lines;
    if (line === undefined) throw new Error("a line");
    const problem = { ...line, at: nowMs - 5000, sinceMs: nowMs - 5000 };
    const notice = { ...parcel.notice, lines: [problem] };
    for (const each of [parcel.nowMs, parcel.nowMs + 1000])
      expect(await sendAlerts({ ...parcel, notice, nowMs: each })).toMatchObject({ ok: true });
    const [alert, ...others] = await alerts();
    expect(others).toEqual([]);
    expect(alert?.labels).toEqual({
      ...{ alertname: "SluiceBackendDown", balancer: "lb-1", severity: "critical" },
      ...{ farm: "shop", backend: "web-1" },
    });
    expect(alert?.annotations.summary).toBe("web-1 is down: connection refused");
    const resolved = { ...problem, status: "resolved", kind: "up", text: "web-1 is up", at: nowMs - 1000 } as const;
    expect(await sendAlerts({ ...parcel, notice: { ...notice, lines: [resolved] } })).toMatchObject({ ok: true });
    await vi.waitFor(async () => expect(await alerts()).toEqual([]), { timeout: 20_000, interval: 50 });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
