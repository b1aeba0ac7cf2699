import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callAgent } from "./agent-farms.ts";

let folder = "";
let server: Server;
const socket = () => join(folder, "agent.sock");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-lab-"));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function answering(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket(), resolve));
}

describe("the lab, which follows the agent's farms for good,", () => {
  test("is told when the agent is killed in the middle of an answer, and does not wait for its end", async () => {
    await answering((_asked, answer) => {
      answer.writeHead(200, { "content-length": 100 });
      answer.write('{"farms":', () => answer.destroy());
    });
    await expect(callAgent(socket(), "GET", "/v1/farms")).rejects.toThrow(/aborted/);
  });

  test("is told of an answer that is no JSON, and does not die of it", async () => {
    await answering((_asked, answer) => answer.end("<html>"));
    await expect(callAgent(socket(), "GET", "/v1/status")).rejects.toThrow(SyntaxError);
  });
});
