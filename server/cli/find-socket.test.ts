import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CliEnv } from "../platform/cli-env.ts";
import { labAgentSocket } from "../platform/lab-folder.ts";
import { findSocket } from "./find-socket.ts";

let folder: string;
const servers: net.Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-find-"));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

function env(more: Partial<CliEnv> = {}): CliEnv {
  const places = {
    socketPath: undefined,
    hostSocket: join(folder, "host.sock"),
    runsFolder: folder,
    uid: process.getuid?.() ?? 0,
  };
  return { ...places, mayColor: false, columns: null, ...more };
}

/** The agent of a lab; one that is left over has its socket's file alone. */
async function lab(runId: string, isRunning: boolean): Promise<string> {
  const path = labAgentSocket(folder, runId);
  mkdirSync(dirname(path), { recursive: true });
  if (!isRunning) writeFileSync(path, "");
  else {
    const server = net.createServer((socket) => socket.end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
  }
  return path;
}

it("is the one that was named, before that of the environment, before the host's", async () => {
  writeFileSync(join(folder, "host.sock"), "");
  await lab("aaaaaa", true);
  expect(await findSocket("/a", env({ socketPath: "/b" }))).toEqual({ ok: true, value: "/a" });
  expect(await findSocket(undefined, env({ socketPath: "/b" }))).toEqual({ ok: true, value: "/b" });
  expect(await findSocket(undefined, env())).toEqual({ ok: true, value: join(folder, "host.sock") });
});

it("is the one running lab's; what a killed one left behind is none", async () => {
  await lab("aaaaaa", false);
  const running = await lab("bbbbbb", true);
  expect(await findSocket(undefined, env())).toEqual({ ok: true, value: running });
});

it("is none that somebody else may have put there: in a folder of theirs, behind a link, or where others may write", async () => {
  await lab("aaaaaa", true);
  const uid = (process.getuid?.() ?? 0) + 1;
  symlinkSync(folder, `${folder}-link`);
  try {
    for (const more of [{ uid }, { runsFolder: `${folder}-link` }])
      expect((await findSocket(undefined, env(more))).ok, JSON.stringify(more)).toBe(false);
  } finally {
    rmSync(`${folder}-link`);
  }
  chmodSync(folder, 0o777);
  expect((await findSocket(undefined, env())).ok).toBe(false);
});

it("of several labs is asked for in one line that names them", async () => {
  const paths = [await lab("aaaaaa", true), await lab("bbbbbb", true)];
  const text = `Several labs are running; name one: --socket ${paths[0]} or --socket ${paths[1]}`;
  expect(await findSocket(undefined, env())).toMatchObject({ ok: false, error: { code: "agent-down", text } });
});

it("that is nowhere is said with where it was looked for and how to start one", async () => {
  const found = await findSocket(undefined, env());
  expect(found).toMatchObject({ ok: false, error: { code: "agent-down" } });
  expect(found.ok ? "" : found.error.text).toMatch(/there is no .*host\.sock, and no lab .* npm start/);
});
