import dgram from "node:dgram";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http2 from "node:http2";
import net from "node:net";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { runCheck } from "../run-check.testing.ts";
import { freePorts, portOf } from "../services.testing.ts";

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function agentSaying(text: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return portOf(server);
}

test.each([
  ["up 75%\n", { error: null, text: "says 75%", weightPct: 75 }],
  ["drain", { error: null, text: "says drain", wish: "drain" }],
  ["failed#disk full\n", { error: "unhealthy", text: "says failed, disk full" }],
  ["hello\n", { error: "malformed" }],
  ["", { error: "closed" }],
])("an agent that says %j", async (line, expected) => {
  const port = await agentSaying(line);
  expect(await runCheck({ type: "agent", port }, port)).toMatchObject(expected);
});

async function datagrams(answer: (asked: string) => string | null): Promise<number> {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (asked, { port, address }) => {
    const said = answer(asked.toString());
    if (said !== null) socket.send(said, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  closers.push(() => socket.close());
  return socket.address().port;
}

describe("UDP", () => {
  const udp = { type: "udp", payload: "ping" } as const;

  test("a closed port is refused at once", async () => {
    const [closed = 0] = await freePorts(1);
    expect(await runCheck(udp, closed, { timeoutMs: 5000 })).toMatchObject({
      error: "refused",
      text: "connection refused",
    });
  });

  test("silence is up unless an answer is expected", async () => {
    const port = await datagrams(() => null);
    expect(await runCheck(udp, port, { timeoutMs: 60 })).toMatchObject({
      error: null,
      text: "no answer, and none is expected",
      tookUs: expect.any(Number),
    });
    expect(await runCheck({ ...udp, expect: "pong" }, port, { timeoutMs: 60 })).toMatchObject({ error: "timeout" });
  });

  test("the expected answer is up, another is not", async () => {
    const port = await datagrams((asked) => (asked === "ping" ? "a pong to you" : "what?"));
    expect(await runCheck({ ...udp, expect: "pong" }, port)).toMatchObject({ error: null });
    expect(await runCheck({ ...udp, payload: "else", expect: "pong" }, port, { timeoutMs: 500 })).toMatchObject({
      error: "unhealthy",
      text: "answered something else than is expected",
    });
  });
});

test("gRPC over HTTP/2 that never ends, and a name DNS cannot carry, end in words", async () => {
  const server = http2.createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.write(Buffer.alloc(100_000));
  });
  server.on("sessionError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  expect(await runCheck({ type: "grpc" }, portOf(server))).toMatchObject({
    error: "malformed",
    text: "the answer is too long",
  });
  expect(await runCheck({ type: "dns", name: "a..b" }, 53)).toMatchObject({ error: "cannot-check" });
});

describe.skipIf(process.getuid?.() !== 0)("checks of the host (skipped unless root, who owns them)", () => {
  const folder = mkdtempSync(`${tmpdir()}/sluice-checks-`);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const install = (name: string, script: string, mode = 0o755) => {
    writeFileSync(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${folder}/${name}`, mode);
  };
  const run = (command: string, how: object = {}) =>
    runCheck({ type: "external", command }, 8080, { address: "192.0.2.1", checkFolder: folder, ...how });

  test("gets address and port, no environment, and its exit code decides", async () => {
    install("good", 'echo "at $1 $2 $(env | grep -c HOME)"');
    install("bad", 'echo "disk <b>full</b>; rm" >&1\nexit 3');
    expect(await run("good")).toMatchObject({ error: null, text: "at 192.0.2.1 8080 0" });
    expect(await run("bad")).toMatchObject({ error: "unhealthy", text: "exit code 3: disk b full /b rm" });
  });

  test("one that does not end is ended with all it started, and endless output is not kept", async () => {
    install("hang", `sleep 600 & echo $! > ${folder}/pid; sleep 600`);
    install("loud", "yes");
    install("child", "sleep 600 & echo $!; exit 0");
    expect(await run("hang", { timeoutMs: 800 })).toMatchObject({ error: "timeout", text: "not ended within 800 ms" });
    expect(await run("loud", { timeoutMs: 200 })).toMatchObject({ error: "timeout" });
    const { text, error } = await run("child");
    expect({ text, error }).toEqual({ text: expect.stringMatching(/^[0-9]+$/), error: null });
    const children = [text, readFileSync(`${folder}/pid`, "utf8")].map(Number);
    await expect.poll(() => children.filter(isRunning)).toEqual([]);
  });

  test("what others could have changed, or what is no file, is not run", async () => {
    install("open", "exit 0", 0o777);
    install("plain", "exit 0", 0o644);
    install("setuid", "exit 0", 0o4755);
    symlinkSync("/bin/true", `${folder}/link`);
    mkdirSync(`${folder}/folder`);
    const text = async (name: string, how: object = {}) => {
      const answer = await run(name, how);
      expect(answer.error).toBe("cannot-check");
      return answer.text;
    };
    expect(await text("open")).toBe("the command may be changed by others than root");
    expect(await text("plain")).toBe("the command is not executable");
    expect(await text("setuid")).toBe("the command would run as another user");
    expect(await text("link")).toBe("the command is not a file");
    expect(await text("folder")).toBe("the command is not a file");
    expect(await text("nothing")).toBe("there is no such command in the folder of checks");
    install("good", "exit 0");
    chmodSync(folder, 0o777);
    expect(await text("good")).toBe("the folder of checks, or one above it, may be changed by others than root");
    chmodSync(folder, 0o755);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
