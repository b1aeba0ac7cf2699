import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Result } from "../core/result.ts";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { createAgentLink } from "./create-agent-link.ts";

let folder: string;
const servers: http.Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-link-"));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const uuid = "00000000-0000-4000-8000-000000000001";
const change = { uuid, actor: { id: "p", name: "P" }, operations: [] };

async function agentThat(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const socketPath = join(folder, `agent-${servers.length}.sock`);
  const listening = http.createServer(answer);
  servers.push(listening);
  await new Promise<void>((resolve) => listening.listen(socketPath, resolve));
  return createAgentLink({ socketPath });
}

const says = (status: number, body: unknown) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
};
const codeOf = (result: Result<unknown>) => (result.ok ? "ok" : result.error.code);

describe("the agent's client", () => {
  it("a missing socket, and one that nobody serves, are an agent that is down: for a change too", async () => {
    const nowhere = createAgentLink({ socketPath: join(folder, "none.sock") });
    expect([codeOf(await nowhere.status()), codeOf(await nowhere.apply(change))]).toEqual(["agent-down", "agent-down"]);
    writeFileSync(join(folder, "file.sock"), "");
    const file = createAgentLink({ socketPath: join(folder, "file.sock") });
    expect(codeOf(await file.apply(change))).toBe("agent-down");
  });

  it("an agent that takes a change and never answers leaves the outcome unknown", async () => {
    const link = await agentThat(() => {});
    expect(codeOf(await link.apply(change))).toBe("outcome-unknown");
  });

  it("a connection that breaks leaves a change unknown, and a question unanswered", async () => {
    const link = await agentThat((request) => request.socket.destroy());
    expect([codeOf(await link.apply(change)), codeOf(await link.status())]).toEqual(["outcome-unknown", "agent-down"]);
  });

  it("nonsense, and a failure inside the agent, never make a change refused", async () => {
    for (const [status, body] of [
      [200, "<html>"],
      [200, {}],
      [500, { error: { code: "protocol", text: "inside", retry: false } }],
    ] as const) {
      const link = await agentThat(says(status, body));
      expect([codeOf(await link.apply(change)), codeOf(await link.status())]).toEqual(["outcome-unknown", "protocol"]);
    }
  });

  it("names its protocol version, and passes the agent's own words of refusal on", async () => {
    const failure = { code: "protocol", text: "The agent speaks protocol 2, the caller 1.", retry: false };
    const seen: unknown[] = [];
    const link = await agentThat((request, response) => {
      seen.push(request.headers[protocolHeader]);
      says(426, { error: failure })(request, response);
    });
    expect(await link.apply(change)).toEqual({ ok: false, error: failure });
    expect(seen).toEqual([String(protocolVersion)]);
  });

  it("a change the agent never journalled is null, not a failure", async () => {
    const link = await agentThat(says(404, { error: { code: "not-found", text: "No such change", retry: false } }));
    expect(await link.change(uuid)).toEqual({ ok: true, value: null });
  });
});

describe("the agent's stream", () => {
  async function follow(chunks: readonly string[]): Promise<{ result: Result<null>; heard: StreamMessage[] }> {
    const link = await agentThat((_request, response) => {
      for (const chunk of chunks) response.write(chunk);
      response.end();
    });
    const heard: StreamMessage[] = [];
    const result = await link.stream((message) => heard.push(message), new AbortController().signal);
    return { result, heard };
  }

  it("is read line by line, however it is cut, and its end is no failure", async () => {
    const line = `${JSON.stringify({ type: "revision", text: "ü€" })}\n`;
    const bytes = Buffer.from(line.repeat(3), "utf8");
    const cut = [bytes.subarray(0, 20), bytes.subarray(20, 23), bytes.subarray(23)].map((part) =>
      part.toString("latin1"),
    );
    const link = await agentThat((_request, response) => {
      for (const part of cut) response.write(Buffer.from(part, "latin1"));
      response.end();
    });
    const heard: StreamMessage[] = [];
    const result = await link.stream((message) => heard.push(message), new AbortController().signal);
    expect([result.ok, heard]).toEqual([true, Array(3).fill({ type: "revision", text: "ü€" })]);
  });

  it("of another version ends as a protocol failure", async () => {
    for (const line of ["nonsense\n", '{"type":"something-new"}\n', '{"type":"tick","farms":[]}\n', "null\n"])
      expect(codeOf((await follow([line])).result)).toBe("protocol");
  });

  it("ends without a failure when it is not wanted any more", async () => {
    const end = new AbortController();
    const link = await agentThat((_request, response) => {
      response.write('{"type":"revision"}\n');
    });
    const result = await link.stream(() => end.abort(), end.signal);
    expect(result).toEqual({ ok: true, value: null });
  });
});
