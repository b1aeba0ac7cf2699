import net from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "../attempt.ts";
import { checkTcp } from "./tcp.ts";

let server: net.Server;
let port: number;
const ends: string[] = [];

beforeAll(async () => {
  server = net.createServer((socket) => {
    socket.on("error", (error) => ends.push("code" in error ? String(error.code) : "error"));
    socket.on("data", () => ends.push("data"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => server.close());

const probe = (to: number, timeoutMs = 1000): Promise<Answer> =>
  new Promise((resolve) => checkTcp({ address: "127.0.0.1", port: to, timeoutMs }, resolve));

test("an open port has a connect time, and the connection is reset without a byte", async () => {
  const { connectUs, error } = await probe(port);
  expect(error).toBeNull();
  expect(connectUs).toBeGreaterThan(0);
  await expect.poll(() => ends).toEqual(["ECONNRESET"]);
});

test("a closed port is refused, never a latency", async () => {
  expect(await probe(1)).toEqual({
    connectUs: null,
    tookUs: null,
    error: "refused",
    text: "connection refused",
    degraded: false,
  });
});
