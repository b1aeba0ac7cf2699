import { describe, expect, test } from "vitest";
import type { AgentState, LiveFeedMessage } from "@/server/core/metrics/feed.ts";
import type { BalancerLive, FarmRow, LiveEvent } from "@/server/core/metrics/live.ts";
import type { MonitorRow } from "@/server/core/metrics/monitor.ts";
import { applyMessage, emptyFeedCache } from "./apply-message.ts";

const agent: AgentState = {
  state: "answering",
  lastSeenAt: 0,
  text: "",
  hostname: "lb",
  kernel: null,
  nft: null,
  lab: true,
  epoch: 1,
  n: 1,
  sync: "in-sync",
  processes: [],
  features: [],
  findings: [],
  drift: null,
};
const balancer: BalancerLive = {
  at: 1,
  newPerS: 1,
  active: 1,
  bytesInPerS: 1,
  bytesOutPerS: 1,
  conntrack: null,
  activeEveryS: 1,
};

function row(farmId: string, newPerS: number): FarmRow {
  return {
    farmId,
    at: 1,
    word: "up",
    reason: null,
    serving: 1,
    total: 1,
    newPerS,
    active: 0,
    bytesInPerS: 0,
    bytesOutPerS: 0,
    connect: null,
    hints: [],
    turnedAway: [],
    logPrefix: null,
  };
}

const event = (seq: number): LiveEvent => ({
  seq,
  at: seq,
  kind: "change",
  farmId: null,
  backendId: null,
  text: `${seq}`,
  revision: null,
});

const snapshot: LiveFeedMessage = {
  type: "snapshot",
  at: 1,
  agent,
  balancer,
  rows: [row("a", 1), row("b", 2)],
  monitor: null,
  farms: [],
  events: [event(1)],
};

describe("the browser's copy of the feed", () => {
  const start = applyMessage(emptyFeedCache, snapshot);

  test("a tick changes only the rows it carries", () => {
    const next = applyMessage(start, {
      type: "tick",
      at: 2,
      balancer,
      rows: [row("b", 5)],
      farms: [],
      removed: [],
    });
    expect(next.rows?.get("b")?.newPerS).toBe(5);
    expect(next.rows?.get("a")).toBe(start.rows?.get("a"));
  });

  test("a tick without changes keeps the rows as they are", () => {
    const next = applyMessage(start, { type: "tick", at: 2, balancer, rows: [], farms: [], removed: [] });
    expect(next.rows).toBe(start.rows);
  });

  test("a removed farm is gone", () => {
    const next = applyMessage(start, { type: "tick", at: 2, balancer, rows: [], farms: [], removed: ["a"] });
    expect([...(next.rows?.keys() ?? [])]).toEqual(["b"]);
  });

  test("a lost agent keeps the last rows", () => {
    const next = applyMessage(start, { type: "agent", agent: { ...agent, state: "lost" } });
    expect(next.agent?.state).toBe("lost");
    expect(next.rows).toBe(start.rows);
  });

  test("the same event twice is one, and a hundred are kept", () => {
    expect(applyMessage(start, { type: "event", event: event(1) }).events).toHaveLength(1);
    let cache = start;
    for (let seq = 2; seq <= 150; seq++) cache = applyMessage(cache, { type: "event", event: event(seq) });
    expect(cache.events).toHaveLength(100);
    expect(cache.events.at(-1)?.seq).toBe(150);
  });

  test("a revision moves the number beside the agent", () => {
    expect(applyMessage(start, { type: "revision", epoch: 1, n: 7, farmIds: [] }).agent?.n).toBe(7);
  });

  test("a snapshot of a scope without overview leaves the rows", () => {
    expect(applyMessage(start, { ...snapshot, rows: null }).rows).toBe(start.rows);
  });

  describe("rows of the monitor", () => {
    const one = (backendId: string, active: number) => ({ backendId, active }) as MonitorRow;
    const watched = applyMessage(start, { ...snapshot, monitor: [one("x", 1), one("y", 2)] });
    const tick = { type: "tick", at: 2, balancer, rows: [], farms: [], removed: [] } as const;

    test("a tick changes the rows it carries and drops those that are gone", () => {
      const next = applyMessage(watched, { ...tick, monitor: { rows: [one("x", 5)], gone: ["y"] } });
      expect([...(next.monitor?.values() ?? [])]).toEqual([one("x", 5)]);
      expect(applyMessage(watched, { ...tick, monitor: { rows: [], gone: [] } }).monitor).toBe(watched.monitor);
    });

    test("a stream that does not carry them leaves none: what nobody renews is not known", () => {
      expect(applyMessage(watched, tick).monitor).toBeNull();
      expect(applyMessage(watched, snapshot).monitor).toBeNull();
    });
  });
});
