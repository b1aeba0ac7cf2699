import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { allowedUids, type Serving, serveCallers } from "./callers.ts";

const folders: string[] = [];
const sockets: net.Socket[] = [];
let serving: Serving | null = null;
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  serving?.close();
  serving = null;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("root, the agent's own uid and the configured ones may call", () => {
  expect([...allowedUids([1001, 1002], 64_801)].sort((a, b) => a - b)).toEqual([0, 1001, 1002, 64_801]);
});

test("65534, which a user namespace shows for everybody it does not know, never may", () => {
  expect(allowedUids([65_534], 65_534).has(65_534)).toBe(false);
});

/** Serves on a socket of its own; `uid` is who calls next. */
async function serve() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-callers-"));
  folders.push(folder);
  const path = join(folder, "a.sock");
  const caller = { uid: 1001, looks: 0 };
  const web = http.createServer((_request, response) => response.end("served"));
  serving = await serveCallers(path, web, {
    peerUid: () => {
      caller.looks += 1;
      return caller.uid;
    },
    allowed: new Set([0, 1001]),
  });
  return { path, caller };
}

/** Resolves when the server has looked at all of them. */
async function crowd({ path, caller }: Awaited<ReturnType<typeof serve>>, count: number): Promise<net.Socket[]> {
  const before = caller.looks;
  const all = Array.from({ length: count }, () => net.connect({ path, allowHalfOpen: true }).on("error", () => {}));
  sockets.push(...all);
  await vi.waitFor(() => expect(caller.looks).toBe(before + count), { timeout: 20_000, interval: 5 });
  return all;
}

function ask(path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath: path, path: "/", agent: false }, (response) => {
      let text = "";
      response.on("data", (piece) => {
        text += String(piece);
      });
      response.on("end", () => resolve(text));
    });
    request.on("error", (error) => resolve(String(error)));
  });
}

test("neither strangers in any number nor one caller with every place keep the others out", async () => {
  const served = await serve();
  const { path, caller } = served;
  caller.uid = 4711;
  await crowd(served, 300);
  caller.uid = 1001;
  expect(await ask(path), "beside 300 strangers that never leave").toBe("served");
  await crowd(served, 300);
  expect(await ask(path), "one more of who has them all").toMatch(/ECONNRESET|socket hang up|EPIPE/);
  caller.uid = 0;
  expect(await ask(path), "and root beside them").toBe("served");
});

test("a stranger reads the uid that was seen, and is sent away also while it goes on sending", async () => {
  const served = await serve();
  served.caller.uid = 4711;
  const [socket] = await crowd(served, 1);
  let said = "";
  let isClosed = false;
  socket?.on("data", (piece) => {
    said += String(piece);
  });
  socket?.on("close", () => {
    isClosed = true;
  });
  await vi.waitFor(
    () => {
      socket?.write("x");
      expect(isClosed).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(said).toContain("the agent does not serve uid 4711");
});
