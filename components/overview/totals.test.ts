import { describe, expect, test } from "vitest";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import { attentionOf } from "./attention.ts";
import type { FarmBrief } from "./farm-brief.ts";
import { gatesOf } from "./farm-brief.ts";
import { totalsOf } from "./totals.ts";

function farm(id: string, part: Partial<FarmBrief> = {}): FarmBrief {
  const backends = [
    { name: "web-1", adminState: "active", weight: 100 },
    { name: "web-2", adminState: "active", weight: 50 },
  ] as const;
  return {
    id,
    name: id,
    enabled: true,
    addresses: ["192.0.2.1"],
    ports: [80],
    protocol: "tcp",
    scheduler: "weighted",
    tags: [],
    version: 1,
    backends,
    ...part,
  };
}

test("a backend that fails its probes needs attention though the farm's word is quiet", () => {
  const reason = "web-1 refuses connections; no health check takes it out of rotation";
  const rows = new Map([
    ["a", row("a", { word: "not-checked", reason })],
    ["b", row("b", { word: "not-checked" })],
    ["c", row("c", { word: "stopped", serving: 0, reason: "Stopped: new connections are not answered" })],
  ]);
  expect(attentionOf([farm("a"), farm("b"), farm("c", { enabled: false })], rows)).toEqual([
    expect.objectContaining({ subject: "a", detail: reason, step: "Open farm", href: "/farms/a" }),
  ]);
});

test("a farm whose checks nobody makes needs attention, and is not said to fail", () => {
  const reason = "Nothing is known now of the health of web-1 and web-2";
  const silent = row("a", { word: "not-checked", unsure: 2, silent: 2, reason });
  expect(attentionOf([farm("a")], new Map([["a", silent]]))).toEqual([
    expect.objectContaining({
      ...{ subject: "a", glyph: "unknown", detail: reason },
      text: "serves, and nothing is known of 2 of its backends",
    }),
  ]);
});

test.each(["up", "critical"] as const)(
  "a farm whose checks are not believed needs attention once, whether it is %s",
  (word) => {
    const panic = "3 of 4 backends fail at once";
    expect(attentionOf([farm("a")], new Map([["a", row("a", { word, panic, reason: panic })]]))).toEqual([
      expect.objectContaining({ subject: "a", text: "is in panic: its checks are not believed", detail: panic }),
    ]);
  },
);

function row(farmId: string, part: Partial<FarmRow> = {}): FarmRow {
  return {
    farmId,
    at: 0,
    word: "up",
    reason: null,
    serving: 2,
    total: 2,
    newPerS: 0,
    active: 0,
    bytesInPerS: 0,
    bytesOutPerS: 0,
    connect: null,
    hints: [],
    turnedAway: [],
    logPrefix: null,
    ...part,
  };
}

const rowsOf = (...all: FarmRow[]) => new Map(all.map((each) => [each.farmId, each]));

describe("overview", () => {
  test("before the first rows nothing is counted as serving", () => {
    expect(totalsOf([farm("a")], null)).toMatchObject({ farms: 1, farmsServing: null, backendsServing: null });
  });

  test("a backend that should serve and does not counts as down", () => {
    const totals = totalsOf([farm("a")], rowsOf(row("a", { serving: 1, word: "critical" })));
    expect(totals).toMatchObject({ farmsServing: 1, backendsServing: 1, backendsDown: 1, farmsWithDown: 1 });
  });

  test("a drained backend and one of weight 0 are decisions, not failures", () => {
    const backends = [
      { name: "web-1", adminState: "drain", weight: 100 },
      { name: "web-2", adminState: "active", weight: 0 },
      { name: "web-3", adminState: "active", weight: 1 },
    ] as const;
    const totals = totalsOf([farm("a", { backends })], rowsOf(row("a", { serving: 1, total: 3 })));
    expect(totals).toMatchObject({ backendsDown: 0, draining: 1, zeroWeight: 1 });
  });

  test("a stopped farm has no backends down", () => {
    const totals = totalsOf([farm("a", { enabled: false })], rowsOf(row("a", { serving: 0, word: "stopped" })));
    expect(totals).toMatchObject({ backendsDown: 0, farmsStopped: 1, farmsServing: 0 });
  });

  test("gates of an unchecked farm claim no health", () => {
    expect(gatesOf(farm("a"), { serving: 2, unsure: 2, word: "not-checked" })).toEqual(["unknown", "unknown"]);
    expect(gatesOf(farm("a"), null)).toEqual(["unknown", "unknown"]);
    expect(gatesOf(farm("a"), { serving: 1, word: "critical" })).toEqual(["up", "down"]);
    expect(gatesOf(farm("a"), { serving: 1, unsure: 1, waiting: 1, word: "not-checked" })).toEqual([
      "unknown",
      "waiting",
    ]);
  });

  test("whatever the farm's word, nobody is green who is not known to be well, and nobody red who does not fail", () => {
    const gates = (row: Parameters<typeof gatesOf>[1]) => gatesOf(farm("a"), row);
    expect(gates({ serving: 1, unsure: 1, word: "critical" }), "one fails, nobody checks the other").toEqual([
      "unknown",
      "down",
    ]);
    expect(gates({ serving: 2, shaky: 2, word: "critical" }), "a panic keeps them").toEqual(["degraded", "degraded"]);
    expect(gates({ serving: 1, aside: 1, word: "critical" }), "in a window").toEqual(["up", "aside"]);
    expect(gates({ serving: 5, unsure: 1, word: "up" }), "a row of before a change").toEqual(["up", "up"]);
    const totals = totalsOf([farm("a")], rowsOf(row("a", { serving: 1, aside: 1, word: "critical" })));
    expect([totals.backendsDown, totals.farmsWithDown]).toEqual([0, 0]);
  });

  test("the worst comes first and a farm that is well needs nothing", () => {
    const farms = [farm("well"), farm("weak"), farm("dead")];
    const rows = rowsOf(
      row("well"),
      row("weak", { word: "critical", serving: 1 }),
      row("dead", { word: "down", serving: 0 }),
    );
    expect(attentionOf(farms, rows).map((each) => each.subject)).toEqual(["dead", "weak"]);
  });
});

test("what was found on the host stands with the farms, problems before what merely warns", () => {
  const rows = new Map([["a", row("a", { word: "maintenance", total: 2 })]]);
  const finding = { id: "x", text: "IPv4 forwarding is off", command: "sysctl -w a=1", farms: 1 };
  const warning = { ...finding, id: "y", level: "warning", text: "rp_filter is strict" } as const;
  const found = attentionOf([farm("a")], rows, [warning, { ...finding, level: "problem" }]);
  expect(found.map(({ text }) => text)).toEqual(["IPv4 forwarding is off", "rp_filter is strict", expect.any(String)]);
  expect(found[0]).toMatchObject({ subject: "This balancer", detail: "sysctl -w a=1", href: "/settings" });
});
