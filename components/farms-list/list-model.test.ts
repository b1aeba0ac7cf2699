import { describe, expect, test } from "vitest";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import { keepExisting, listFarms, nextSort, parseQuery, plainQuery, queryText, totalOf } from "./list-model.ts";

function farm(name: string, part: Partial<FarmBrief> = {}): FarmBrief {
  return {
    id: name,
    name,
    enabled: true,
    addresses: ["192.0.2.7"],
    ports: [80, "8000-8010"],
    protocol: "tcp",
    scheduler: "weighted",
    tags: ["blue"],
    version: 1,
    backends: [{ name: "web-1", adminState: "active", weight: 1 }],
    ...part,
  };
}

function row(farmId: string, newPerS: number | null, word: FarmRow["word"] = "up"): FarmRow {
  return {
    farmId,
    at: 0,
    word,
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

const names = (farms: readonly FarmBrief[]) => farms.map((each) => each.name);

describe("farms list", () => {
  test("filter and sort survive the address of the page", () => {
    const query = { text: "web", state: "trouble", sort: { key: "newPerS", direction: "descending" } } as const;
    expect(parseQuery(new URLSearchParams(queryText(query)))).toEqual(query);
    expect(queryText(plainQuery)).toBe("");
  });

  test("nonsense in the address is the plain list", () => {
    expect(parseQuery(new URLSearchParams("state=x&sort=y.z"))).toEqual(plainQuery);
  });

  test.each(["SHOP", "192.0.2", "8000", "blue"])("text finds a farm by %s", (text) => {
    expect(
      names(
        listFarms([farm("shop"), farm("api", { addresses: ["::1"], ports: [1], tags: [] })], null, {
          ...plainQuery,
          text,
        }),
      ),
    ).toEqual(["shop"]);
  });

  test("unknown rates sort under zero, equal ones by name", () => {
    const rows = new Map([row("a", 0), row("b", null), row("c", 5), row("d", 0)].map((each) => [each.farmId, each]));
    const sorted = listFarms(
      ["d", "c", "b", "a"].map((name) => farm(name)),
      rows,
      {
        ...plainQuery,
        sort: { key: "newPerS", direction: "ascending" },
      },
    );
    expect(names(sorted)).toEqual(["b", "a", "d", "c"]);
  });

  test("a stopped farm is found as stopped before any row has come", () => {
    const farms = [farm("on"), farm("off", { enabled: false })];
    expect(names(listFarms(farms, null, { ...plainQuery, state: "stopped" }))).toEqual(["off"]);
  });

  test("the selection keeps what exists and drops what was removed", () => {
    const selected = new Set(["a", "gone"]);
    expect([...keepExisting(selected, [farm("a"), farm("b")])]).toEqual(["a"]);
    const same = new Set(["a"]);
    expect(keepExisting(same, [farm("a")])).toBe(same);
  });

  test("the same column again turns the direction", () => {
    const first = nextSort(plainQuery.sort, "newPerS");
    expect(first).toEqual({ key: "newPerS", direction: "descending" });
    expect(nextSort(first, "newPerS").direction).toBe("ascending");
  });

  test("times are sorted as they are shown: real traffic before the probe", () => {
    const time = (p95Ms: number) => ({ p50Ms: 0.1, p95Ms, p99Ms: 9, samples: 60, failed: 0 });
    const rows = new Map([
      ["a", { ...row("a", 1), connect: time(5), traffic: time(0.1) }],
      ["b", { ...row("b", 1), connect: time(1) }],
    ]);
    const sort = { key: "p95", direction: "ascending" } as const;
    expect(names(listFarms([farm("b"), farm("a")], rows, { ...plainQuery, sort }))).toEqual(["a", "b"]);
  });

  test("a total counts what is known of the farms that are listed", () => {
    const rows = new Map([
      ["a", row("a", 3)],
      ["b", row("b", null)],
      ["c", row("c", 40)],
    ]);
    expect(totalOf([farm("a"), farm("b")], rows, "newPerS")).toBe(3);
    expect(totalOf([farm("b")], rows, "newPerS")).toBeNull();
    expect(totalOf([farm("a")], null, "serving")).toBeNull();
  });
});
