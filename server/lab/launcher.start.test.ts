/** `npm start` as a person meets it. Needs the production build, so it is a suite of its own after it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { type OpenConsole, openConsole } from "./open-console.ts";
import { namespacesOf } from "./open-network.ts";

const launcher = fileURLToPath(new URL("../start/start.mjs", import.meta.url));
const isRoot = process.getuid?.() === 0;
const opened: OpenConsole[] = [];

async function open(words: readonly string[] = []): Promise<OpenConsole> {
  const console = await openConsole(words);
  opened.push(console);
  return console;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
}

async function expectGone(console: OpenConsole, runId: string): Promise<void> {
  const left = () => commandLines().filter((line) => line.includes(console.state) || line.includes(`sl-${runId}-`));
  await expect.poll(left).toEqual([]);
  await expect.poll(() => existsSync(console.labSocket)).toBe(false);
  expect(await namespacesOf(runId)).toEqual([]);
  expect(await fetch(`${console.origin}/api/health`).catch(() => "refused")).toBe("refused");
}

/** A start that must not come up: its exit code and what it said. */
function refusal(words: readonly string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [launcher, ...words], { encoding: "utf8" });
}

describe("npm start", () => {
  test("serves the dashboard with a one-time link, and the lab's traffic runs", async () => {
    const console = await open();
    expect(console.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\?token=/);
    expect(await (await fetch(`${console.origin}/api/health`)).json()).toMatchObject({ status: "ok", setup: true });
    const answered = async () => (await console.lab.status()).traffic?.answered ?? 0;
    await expect.poll(answered).toBeGreaterThan(50);
  });

  test("SIGTERM ends every process, namespace and socket", async () => {
    const console = await open();
    const { runId } = await console.lab.status();
    process.kill(console.pid, "SIGTERM");
    await expectGone(console, runId);
  });

  test("kill -9 of the launcher takes the dashboard and the lab with it", async () => {
    const console = await open();
    const { runId } = await console.lab.status();
    process.kill(console.pid, "SIGKILL");
    await expectGone(console, runId);
  });

  test("a second start on the same state says that the first one runs", async () => {
    const console = await open();
    const { status, stderr } = refusal(["--port", "0", "--state", console.state]);
    expect({ status, sentence: stderr.trim() }).toEqual({
      status: 1,
      sentence: expect.stringMatching(/^The lab is already running \(process \d+\)\./),
    });
  });
});

describe("npm start says in one sentence why it cannot", () => {
  test("a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const child = spawn(process.execPath, [launcher, "--port", String(port)], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += String(text);
    });
    // what it said last may be read after its end
    const code = await new Promise((resolve) => child.once("close", resolve));
    server.close();
    expect(code).toBe(1);
    expect(said.trim()).toBe(`Port ${port} on 127.0.0.1 is taken by another program; choose one with --port.`);
  });

  test("a port that is none", () => {
    expect(refusal(["--port", "70000"])).toMatchObject({
      status: 1,
      stderr: '\nA port is a number from 1 to 65535, not "70000".\n',
    });
  });

  test("a state folder that is a file", () => {
    const { status, stderr } = refusal(["--port", "0", "--state", launcher]);
    expect({ status, sentence: stderr.trim() }).toEqual({
      status: 1,
      sentence: `The lab's state cannot be kept in ${launcher} (EEXIST); choose a folder with --state.`,
    });
  });

  test.runIf(isRoot)("a full disk", () => {
    const folder = mkdtempSync(`${tmpdir()}/sluice-full-`);
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
    const { status, stderr } = refusal(["--port", "0", "--state", `${folder}/state`]);
    spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^The disk of .* has \d+ MB free and the lab's state needs \d+ MB; free some space/);
  });
});
