/** Backends that mean harm: each check ends by its deadline, holds little, and delays no other. */
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCheck } from "../run-check.testing.ts";
import { hasProgram, makeCertificate, openServices, portOf } from "../services.testing.ts";
import { createAuthorities } from "./tls.ts";

type Behave = (socket: net.Socket) => void;

const head = "HTTP/1.1 200 OK\r\n";
const filler = Buffer.alloc(65_536, "x");
const chunk = Buffer.concat([Buffer.from("10000\r\n"), filler, Buffer.from("\r\n")]);

/** what a backend does to whoever connects */
const behaviours = {
  silent: () => undefined,
  "slow-bytes": (socket) => every(socket, 20, () => socket.write("H")),
  "slow-body": (socket) => {
    socket.write(`${head}Content-Length: 1000\r\n\r\n`);
    every(socket, 20, () => socket.write("x"));
  },
  "endless-body": (socket) => {
    socket.write(`${head}\r\n`);
    flood(socket, filler);
  },
  "endless-chunks": (socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    flood(socket, chunk);
  },
  "endless-chunk-extension": (socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n5;`);
    flood(socket, filler);
  },
  "endless-header": (socket) => {
    socket.write(`${head}X-Long: `);
    flood(socket, filler);
  },
  "endless-interim": (socket) => flood(socket, Buffer.from("HTTP/1.1 100 Continue\r\n\r\n".repeat(2000))),
  "huge-length": (socket) => socket.write(`${head}Content-Length: 999999999999999\r\n\r\n${"x".repeat(100)}`),
  "two-lengths": (socket) => socket.end(`${head}Content-Length: 5, 6\r\n\r\nhello`),
  gzip: (socket) => socket.end(`${head}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08`),
  reset: (socket) => socket.resetAndDestroy(),
  "reset-later": (socket) => {
    socket.write("HTTP/1.1 2");
    socket.once("data", () => socket.resetAndDestroy());
  },
  closed: (socket) => socket.end(),
  "half-header": (socket) => socket.end(`${head}Content-Type: te`),
  garbage: (socket) => flood(socket, Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256))),
  // frames of HTTP/2 behind a settings frame: pings that want an answer each, headers and trailers that never end, resets
  "http2-pings": (socket) => flood2(socket, frame(6, 0, 0, 8)),
  "http2-settings": (socket) => flood2(socket, frame(4, 0, 0, 6)),
  "http2-headers": (socket) => flood2(socket, frame(9, 0, 1, 1000), frame(1, 0, 1, 10)),
  "http2-resets": (socket) => flood2(socket, frame(3, 0, 1, 4)),
  "http2-data": (socket) => flood2(socket, frame(0, 0, 1, 16_000)),
  ssh: (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"),
} satisfies Record<string, Behave>;
type Name = keyof typeof behaviours;

const ports = new Map<string, number>();
const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();

beforeAll(async () => {
  for (const [name, behave] of Object.entries(behaviours)) {
    const server = net.createServer({ allowHalfOpen: false }, (socket) => {
      keep(socket);
      socket.on("error", () => undefined);
      socket.resume();
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    servers.push(server);
    ports.set(name, portOf(server));
  }
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

const http = (name: Name, asked: object = {}, timeoutMs = 150) =>
  runCheck({ type: "http", text: "well", ...asked }, ports.get(name) ?? 0, { timeoutMs });

test.each<[Name, string, string]>([
  ["silent", "timeout", "no answer within 150 ms"],
  ["slow-bytes", "malformed", "the answer is not HTTP"],
  ["slow-body", "timeout", "no answer within 150 ms"],
  ["endless-body", "unhealthy", "status 200, the text is not in its first 65536 bytes"],
  ["endless-chunks", "unhealthy", "status 200, the text is not in its first 65536 bytes"],
  ["endless-chunk-extension", "malformed", "a chunk is not HTTP"],
  ["endless-header", "malformed", "its headers are too long"],
  ["endless-interim", "malformed", "the answer does not begin"],
  ["huge-length", "timeout", "no answer within 150 ms"],
  ["two-lengths", "malformed", "its content length is not a number"],
  ["gzip", "unhealthy", "status 200, the text is not in the answer"],
  ["reset", "reset", "connection reset"],
  ["reset-later", "reset", "connection reset"],
  ["closed", "closed", "closed in the middle of its headers"],
  ["half-header", "closed", "closed in the middle of its headers"],
  ["garbage", "malformed", "the answer is not HTTP"],
  ["ssh", "malformed", "the answer is not HTTP"],
])("HTTP of a backend that is %s ends as %s", async (name, error, text) => {
  // only who is to time out is waited for
  const answer = await http(name, {}, error === "timeout" ? 150 : 5000);
  expect(answer).toMatchObject({ error, text, tookUs: null });
});

test.each<[Name]>([["silent"], ["slow-bytes"], ["endless-body"], ["garbage"], ["reset"], ["closed"], ["ssh"]])(
  "TLS, gRPC and the agent-check of a backend that is %s end by their deadline",
  async (name) => {
    const port = ports.get(name) ?? 0;
    const asked = [{ type: "tls" }, { type: "https" }, { type: "grpc" }, { type: "grpc", tls: true }] as const;
    const all = [...asked, { type: "agent", port } as const];
    const answers = await Promise.all(all.map((each) => runCheck(each, port, { timeoutMs: 150 })));
    for (const { error, text } of answers) {
      expect(["timeout", "tls", "malformed", "reset", "closed"]).toContain(error);
      expect(text).toMatch(/^[\x20-\x7e]{1,100}$/);
    }
  },
);

test.each<[Name]>([["http2-pings"], ["http2-settings"], ["http2-headers"], ["http2-resets"], ["http2-data"]])(
  "gRPC of a backend that floods with %s ends by its deadline",
  async (name) => {
    const { error, text } = await runCheck({ type: "grpc" }, ports.get(name) ?? 0, { timeoutMs: 150 });
    expect(["timeout", "malformed", "reset", "closed"]).toContain(error);
    expect(text).toMatch(/^[\x20-\x7e]{1,100}$/);
  },
);

test("hundreds of floods at once hold little memory, leave no socket open, and others are answered meanwhile", async () => {
  const well = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(`${head}Content-Length: 4\r\n\r\nwell`);
  });
  await new Promise<void>((resolve) => well.listen(0, "127.0.0.1", resolve));
  const before = process.memoryUsage().rss;
  const floods: Name[] = ["endless-body", "endless-chunks", "endless-header", "slow-body", "silent"];
  const hostile = Array.from({ length: 40 }, () => floods.map((name) => http(name, { bodyBytesMax: 1_048_576 }, 1000)));
  const good = await Promise.all(
    Array.from({ length: 20 }, () => runCheck({ type: "http", text: "well" }, portOf(well), { timeoutMs: 10_000 })),
  );
  expect(good.map(({ error }) => error)).toEqual(Array(20).fill(null));
  await Promise.all(hostile.flat());
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  await expect.poll(() => sockets.size).toBe(0);
  well.close();
});

test.skipIf(!hasProgram("openssl"))(
  "whatever a backend does, no socket of ours stays (TLS needs openssl for a certificate)",
  async () => {
    const services = openServices();
    const { key, cert } = makeCertificate(services.folder, "hostile.example", 1);
    const files = { key: readFileSync(key), cert: readFileSync(cert), ALPNProtocols: ["h2", "http/1.1"] };
    const secure = tls.createServer(files, (socket) => {
      socket.on("error", () => undefined);
      socket.end(`${head}\r\nwell`);
    });
    secure.on("tlsClientError", () => undefined);
    secure.on("connection", keep);
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const authorities = createAuthorities(null);
    const open = () => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap");
    // the backends' own ends are in this process too, and so may be those of tests that ran before in it
    const ours = () => open().length - sockets.size;
    const before = ours();
    const all: Promise<unknown>[] = [];
    for (const port of [...ports.values(), portOf(secure)])
      for (const asked of [{ type: "http" }, { type: "https" }, { type: "grpc" }, { type: "grpc", tls: true }] as const)
        all.push(runCheck(asked, port, { timeoutMs: 100, authorities }));
    await Promise.all(all);
    await expect.poll(ours).toBeLessThanOrEqual(before);
    secure.close();
    await services.end();
  },
);

function keep(socket: net.Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

function every(socket: net.Socket, ms: number, work: () => void): void {
  const timer = setInterval(work, ms);
  socket.once("close", () => clearInterval(timer));
}

function flood(socket: net.Socket, piece: Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.writable && socket.write(piece));
  };
  socket.on("drain", write);
  write();
}

function frame(type: number, flags: number, stream: number, length: number): Buffer {
  const bytes = Buffer.alloc(9 + length);
  bytes.writeUIntBE(length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

function flood2(socket: net.Socket, piece: Buffer, first: Buffer = Buffer.alloc(0)): void {
  socket.write(Buffer.concat([frame(4, 0, 0, 0), first]));
  flood(socket, Buffer.concat(Array(100).fill(piece)));
}
