import { describe, expect, it } from "vitest";
import type { BackendLive, FarmLive } from "../core/metrics/live.ts";
import { createMonitorRows } from "./monitor-rows.ts";
import { farmA, farmB, farmLive } from "./sample.testing.ts";

function farm(farmId: string, backends: readonly Partial<BackendLive>[]): FarmLive {
  const plain = { health: "up", adminState: "active", plannedPct: 50, connect: null, newPerS: 1, active: 1 };
  const rows = backends.map((more, at) => ({ ...plain, backendId: `${farmId}-${at}`, lastProbeAt: 0, ...more }));
  return { ...farmLive(farmId, 1), backends: rows as BackendLive[] };
}

const many = (active: number, health: BackendLive["health"] = "up") =>
  farm(
    farmA,
    Array.from({ length: 1000 }, (_, at) => ({ active, health: at === 7 ? health : "up" })),
  );

describe("rows of the monitor pages", () => {
  it("only what changed is sent, and numbers of few backends each second", () => {
    const rows = createMonitorRows();
    rows.tick([farm(farmA, [{}, {}])], [], 0);
    expect(rows.tick([farm(farmA, [{}, { active: 2 }])], [], 1000).rows).toMatchObject([{ active: 2 }]);
    expect(rows.tick([farm(farmA, [{}, { active: 2 }])], [], 2000).rows).toEqual([]);
  });

  it("of very many the numbers wait for their turn, and arrive though nothing changes any more", () => {
    const rows = createMonitorRows();
    rows.tick([many(1)], [], 0);
    expect(rows.tick([many(2)], [], 1000).rows).toEqual([]);
    expect(rows.tick([], [], 2000).rows).toHaveLength(1000);
    expect(rows.tick([], [], 4000).rows).toEqual([]);
  });

  it("a state never waits", () => {
    const rows = createMonitorRows();
    rows.tick([many(1)], [], 0);
    expect(rows.tick([many(2, "down")], [], 200).rows).toMatchObject([{ health: "down" }]);
  });

  it("backends that are no more are named, with their farm or without it", () => {
    const rows = createMonitorRows();
    rows.tick([farm(farmA, [{}, {}]), farm(farmB, [{}])], [], 0);
    expect(rows.tick([farm(farmA, [{}])], [farmB], 1000).gone).toEqual([`${farmA}-1`, `${farmB}-0`]);
  });

  it("a clock that was set back holds nothing up", () => {
    const rows = createMonitorRows();
    rows.tick([many(1)], [], 5_000_000);
    expect(rows.tick([many(2)], [], 1000).rows).toHaveLength(1000);
  });
});
