import { describe, expect, it } from "vitest";
import { createHub } from "./hub.ts";
import { balancer, farmA, farmLive, hello } from "./sample.testing.ts";
import { parseScope } from "./scope.ts";
import { bufferBytesMax, eventStream } from "./sse.ts";

function world(mayListen: () => Promise<boolean> = async () => true) {
  const hub = createHub({ pid: 1, uid: 1, capabilities: null });
  const scope = parseScope(`overview,farm:${farmA}`);
  if (!scope.ok) throw new Error(scope.error.text);
  const checks: (() => void)[] = [];
  const closers = new Set<() => void>();
  const stream = eventStream({
    hub,
    scope: scope.value,
    nowMs: () => 1,
    after: (_ms, call) => {
      checks.push(call);
      return () => checks.splice(checks.indexOf(call), 1);
    },
    mayListen,
    register: (close) => {
      closers.add(close);
      return () => closers.delete(close);
    },
  });
  const reader = stream.getReader();
  const read = async () => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { hub, reader, read, checks, closers };
}

describe("event stream of one browser", () => {
  it("begins with a snapshot, in the form of server-sent events", async () => {
    const { read } = world();
    const first = await read();
    expect(first).toMatch(/^data: \{"type":"snapshot".*\}\n\n$/);
  });

  it("a reader that falls behind costs bounded memory, and then gets a snapshot instead of what it missed", async () => {
    const { hub, read } = world();
    hub.receive(hello([farmLive(farmA, 1)]), 0);
    const text = "x".repeat(10_000);
    const event = { at: 0, kind: "health", farmId: null, backendId: null, text, revision: null } as const;
    for (let seq = 0; seq < 1000; seq++) hub.receive({ type: "event", event: { ...event, seq } }, 1);
    let bytes = 0;
    let last = "";
    while (!last.includes('"seq":999')) {
      last = (await read()) ?? "";
      if (!last.startsWith('data: {"type":"snapshot"')) bytes += last.length;
      hub.receive({ type: "tick", at: 2, balancer: balancer(2), farms: [], removed: [] }, 2);
    }
    expect(last.startsWith('data: {"type":"snapshot"')).toBe(true);
    expect(bytes).toBeLessThan(bufferBytesMax + 20_000);
  });

  it("ends when the session is gone", async () => {
    let may = true;
    const { hub, read, checks, closers } = world(async () => may);
    await read();
    checks[0]?.();
    expect(await read()).toBe(":\n\n");
    may = false;
    checks.at(-1)?.();
    expect(await read()).toBeNull();
    expect([hub.subscribers(), closers.size]).toEqual([0, 0]);
  });

  it("ends when the server stops, and when the browser leaves", async () => {
    const stopping = world();
    await stopping.read();
    for (const close of [...stopping.closers]) close();
    expect(await stopping.read()).toBeNull();
    const leaving = world();
    await leaving.reader.cancel();
    expect([leaving.hub.subscribers(), leaving.closers.size]).toEqual([0, 0]);
  });
});
