import { describe, expect, test } from "vitest";
import type { MonitorRow } from "@/server/core/metrics/monitor.ts";
import type { MonitorFarm } from "./monitor-brief.ts";
import { groupsOf, itemGlyph, itemReason, itemSince, itemsOf, itemWords, troubles } from "./monitor-model.ts";
import { matchesQuery, monitorQueryText, parseMonitorQuery, plainQuery } from "./monitor-query.ts";

const farm = (name: string, more: Partial<MonitorFarm> = {}): MonitorFarm => ({
  id: name,
  name,
  enabled: true,
  tags: [],
  windows: [],
  backends: [{ id: `${name}-1`, name: "web-1", address: "10.0.0.1", adminState: "active" }],
  ...more,
});

const row = (backendId: string, more: Partial<MonitorRow> = {}): MonitorRow => ({
  backendId,
  farmId: backendId.split("-")[0] ?? "",
  adminState: "active",
  health: "up",
  reason: null,
  since: null,
  isChecked: true,
  out: null,
  plannedPct: 50,
  untracked: null,
  checkAt: null,
  newPerS: 0,
  active: 3,
  p95Ms: null,
  latencyOf: "probe",
  drain: null,
  ...more,
});

const one = (more: Partial<MonitorRow>, of: Partial<MonitorFarm> = {}) => {
  const [item] = itemsOf([farm("a", of)], new Map([["a-1", row("a-1", more)]]));
  if (item === undefined) throw new Error("no item");
  return item;
};
const window = { why: "window", untilMs: 5, text: "until 14:00" } as const;
const ejected = { why: "ejected", untilMs: 5, text: "9 of 10 opens refused" } as const;

describe("groups of the monitor", () => {
  test("stand worst first, with what needs no hand last", () => {
    const states: [string, Partial<MonitorRow>][] = [
      ["a", {}],
      ["b", { adminState: "maintenance" }],
      ["c", { adminState: "drain" }],
      ["d", { health: "unknown", isChecked: false }],
      ["e", { health: "degraded" }],
      ["f", { out: ejected }],
      ["g", { health: "down" }],
    ];
    const rows = new Map(states.map(([name, more]) => [`${name}-1`, row(`${name}-1`, more)]));
    const groups = groupsOf(
      itemsOf(
        states.map(([name]) => farm(name)),
        rows,
      ),
    );
    expect(groups.map(({ key, items }) => [key, items[0]?.farm.name])).toEqual([
      ["down", "g"],
      ["ejected", "f"],
      ["degraded", "e"],
      ["unknown", "d"],
      ["draining", "c"],
      ["maintenance", "b"],
      ["up", "a"],
    ]);
  });

  test("a backend the agent has told nothing of is unknown, never up", () => {
    const [item] = itemsOf([farm("a")], null);
    expect(item && [item.group, itemWords(item), itemGlyph(item, false)]).toEqual(["unknown", "Unknown", "unknown"]);
  });

  test("nothing is green when the agent or the server is silent", () => {
    const all: Partial<MonitorRow>[] = [{}, { health: "down" }, { out: window }, { adminState: "drain" }];
    expect(all.map((more) => itemGlyph(one(more), true))).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  });

  test("down while in maintenance or in a window is no alarm, down while draining is", () => {
    expect(one({ health: "down", adminState: "maintenance" }).group).toBe("maintenance");
    expect(one({ health: "down", out: window }).group).toBe("maintenance");
    expect(one({ health: "down", adminState: "drain" }).group).toBe("down");
    expect(one({ health: "down" }, { enabled: false }).group).toBe("maintenance");
    expect(itemGlyph(one({ health: "down", out: window }), false)).toBe("down");
  });

  test("words keep both axes", () => {
    expect(itemWords(one({ out: window, health: "down" }))).toBe("Maintenance window, Down");
    expect(itemWords(one({ out: ejected }))).toBe("Ejected, Up");
    expect(itemWords(one({ adminState: "drain", active: 37 }))).toBe("Draining, 37 left, Up");
    expect(itemWords(one({ health: "unknown", isChecked: false }))).toBe("Not checked");
    expect(itemWords(one({ health: "unknown" }))).toBe("Not known");
  });

  test("of a drain the reason is how it goes, and it began when it began", () => {
    const drain = { sinceMs: 7, left: 12, perS: null, endsAtMs: null, deadlineMs: null };
    const item = one({ adminState: "drain", drain, since: 3 });
    expect([itemReason(item), itemSince(item)]).toEqual(["12 left", 7]);
    expect(itemReason(one({ adminState: "drain", drain, untracked: "not tracked in this mode" }))).toBe(
      "connections left: not tracked in this mode",
    );
    expect(itemReason(one({ adminState: "drain", drain, health: "down", reason: "refused" }))).toBe("refused");
  });

  test("since when is that of the group it stands in, or nothing: who is ejected was up for longer", () => {
    const since = (more: Partial<MonitorRow>) => itemSince(one({ since: 3, ...more }));
    expect([since({}), since({ out: ejected }), since({ out: window }), since({ adminState: "maintenance" })]).toEqual([
      3,
      null,
      null,
      null,
    ]);
    expect(itemReason(one({ out: ejected }))).toMatch(/^9 of 10 opens refused, until \d\d:\d\d:\d\d$/);
  });

  test("a wall shows what is wrong: not what nobody checks, but what a check does not know", () => {
    const wrong = (more: Partial<MonitorRow>) => troubles(groupsOf([one(more)])).length === 1;
    expect(wrong({ health: "unknown", isChecked: false })).toBe(false);
    expect(wrong({ health: "unknown", isChecked: false, reason: "connection refused" })).toBe(true);
    expect(wrong({ health: "unknown" })).toBe(true);
    expect([wrong({ health: "down" }), wrong({ out: ejected }), wrong({}), wrong({ out: window })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(troubles(groupsOf(itemsOf([farm("a")], null)))).toHaveLength(1);
  });
});

describe("the address of the monitor page", () => {
  test("says what is shown, and nothing else", () => {
    expect(monitorQueryText(plainQuery)).toBe("");
    const text = "?q=web&state=down&farm=x&tag=prod&folded=maintenance%2Cup&wall=1";
    expect(monitorQueryText(parseMonitorQuery(new URLSearchParams(text)))).toBe(text);
  });

  test("that is nonsense is the plain page", () => {
    expect(parseMonitorQuery(new URLSearchParams("?state=green&folded=all&wall=yes"))).toEqual(plainQuery);
  });

  test("finds by name, address, farm, tag and reason", () => {
    const item = one({ reason: "connection refused" }, { tags: ["prod"] });
    const finds = (text: string) => matchesQuery(item, { ...plainQuery, text });
    expect(["WEB-1", "10.0.0", "a", "prod", "refused", "zzz"].map(finds)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(matchesQuery(item, { ...plainQuery, tag: "test" })).toBe(false);
    expect(matchesQuery(item, { ...plainQuery, farmId: "b" })).toBe(false);
  });
});
