import { describe, expect, test } from "vitest";
import { memberKey } from "../core/allocation/allocation.ts";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import type { FarmLive } from "../core/metrics/live.ts";
import { withNews } from "../core/metrics/row-news.ts";
import type { StreamLine } from "../wire/stream.ts";
import { createConnectTotals } from "./connect-totals.ts";
import { CounterTable } from "./counter-table.ts";
import { nothingSeen } from "./effective-memo.ts";
import { createLatency } from "./latency.ts";
import { createLive } from "./live.ts";
import { planChange, type State } from "./plan.ts";
import { emptyState } from "./replay.ts";
import { createTotals } from "./totals.ts";
import { unknownFacts } from "./vips.ts";

type Tick = Extract<StreamLine, { type: "tick" }>;

const backends = (farm: number) => Array.from({ length: 60 }, (_, at) => ({ address: `198.51.${farm}.${at + 1}` }));
const farms = [1, 2, 3, 4, 5].map((number) => testFarm(number, backends(number)));

function world(given: readonly Farm[] = farms, note: (step: "row" | "rest") => void = () => {}) {
  let state = given.reduce(put, emptyState(0x51));
  let nowMs = 1_000_000;
  let onPause = () => {};
  const lines: Tick[] = [];
  const packets = new Map<number, number>();
  let failing: string | null = null;
  const trouble = (farmId: string): readonly string[] => {
    note("row");
    if (farmId === failing) throw new Error("no trouble known");
    return [];
  };
  const nothing = { of: () => null, openedOf: () => null, farm: () => null };
  const live = createLive({
    state: () => state,
    async readCounters() {
      const ids = [...state.allocation.farms.values()].flatMap((farm) => [...farm.ids.values()]);
      const byId = CounterTable.of(ids.map((id) => [id, { packets: packets.get(id) ?? 0, bytes: 0 }] as const));
      const readings = { atMs: nowMs, byId };
      return { atMs: nowMs, fresh: readings, towards: readings, back: readings, turned: null };
    },
    dump: () => ({ dump: null, periodMs: 1000 }),
    latency: createLatency(() => nowMs),
    traffic: nothing,
    outOf: () => null,
    weightOf: () => null,
    wishOf: () => null,
    proberGoneMs: () => null,
    facts: () => ({ facts: unknownFacts, interfaces: null, foreignTrouble: trouble }),
    fill: { ofFarm: () => null, shared: () => null },
    outOfService: () => ({}),
    series: { add: async () => {}, read: () => null, retention: () => ({ secondsS: 0, minutesS: 0 }), bytes: () => 0 },
    minutes: { add: async () => {} },
    totals: createTotals(createConnectTotals(), { drain: () => null, isHeard: () => false }),
    conditions: nothingSeen,
    checks: { of: () => null, panic: () => null },
    send: (line) => void (line.type === "tick" && lines.push(line)),
    onReset: () => {},
    onTargets: () => {},
    probeIntervalMs: 1000,
    now: () => nowMs,
    pause: async () => onPause(),
    sleep: async () => note("rest"),
    monotonicMs: () => nowMs,
  });
  return {
    live,
    lines,
    /** connections that a backend got since the start */
    count(farm: Farm, at: number, connections: number) {
      const backend = farm.backends[at];
      if (backend === undefined) throw new Error("no such backend");
      packets.set(state.allocation.farms.get(farm.id)?.ids.get(memberKey(backend)) ?? 0, connections);
    },
    failAt(farm: Farm | null) {
      failing = farm?.id ?? null;
    },
    remove(farm: Farm) {
      state = changed(state, { type: "remove-farm", base: 1, farmId: farm.id });
    },
    /** one second; `between`: what happens between its pieces */
    async second(between: () => void = () => {}) {
      nowMs += 1000;
      onPause = between;
      await live.tick();
    },
  };
}

function put(state: State, farm: Farm): State {
  return changed(state, { type: "put-farm", base: null, farm });
}

function changed(state: State, operation: Operation): State {
  const planned = planChange(state, [operation], { epoch: 1, n: 1, actor: { id: "a", name: "a" }, at: 0 }, nothingSeen);
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value.state;
}

/** A reader that came when these rows were told, and heard these lines since. */
function heardFrom(hello: readonly FarmLive[], lines: readonly Tick[]): Map<string, FarmLive> {
  const rows = new Map(hello.map((row) => [row.farmId, row]));
  for (const line of lines) {
    for (const row of line.farms) rows.set(row.farmId, row);
    for (const farmId of line.removed) rows.delete(farmId);
    for (const news of line.news) {
      const before = rows.get(news.farmId);
      if (before === undefined) throw new Error("news of a farm that was never told");
      rows.set(news.farmId, withNews(before, news));
    }
  }
  return rows;
}

const withoutTime = (rows: Iterable<FarmLive>) =>
  [...rows].map((row) => ({ ...row, at: 0 })).sort((a, b) => (a.farmId < b.farmId ? -1 : 1));

describe("each second", () => {
  test("a long round that rested looks whether a change began meanwhile before it goes on", async () => {
    const many = Array.from({ length: 22 }, (_, at) => testFarm(at + 1, backends(at + 1)));
    const steps: string[] = [];
    const { second } = world(many, (step) => steps.push(step));
    await second(() => steps.push("change first"));
    expect(steps.filter((step) => step === "rest").length).toBeGreaterThan(5);
    expect(steps.filter((step, at) => steps[at - 1] === "rest" && step !== "change first")).toEqual([]);
  });

  test("a reader that comes between two pieces of it knows the same afterwards as all others", async () => {
    const { live, lines, count, second } = world();
    const [first, last] = [farms[0], farms[4]];
    if (first === undefined || last === undefined) throw new Error("no farms");
    const readers: { readonly hello: readonly FarmLive[]; readonly from: number }[] = [];
    const join = () => void readers.push({ hello: live.rows(), from: lines.length });
    await second();
    for (const connections of [5, 5, 9, 9]) {
      count(first, 0, connections);
      count(last, 59, 2 * connections);
      await second(join);
    }
    expect(readers.length).toBeGreaterThan(10);
    for (const { hello, from } of readers)
      expect(withoutTime(heardFrom(hello, lines.slice(from)).values())).toEqual(withoutTime(live.rows()));
  });

  test("only backends whose numbers moved are told, and every second is, though nothing moved", async () => {
    const { lines, count, second } = world();
    const [first] = farms;
    if (first === undefined) throw new Error("no farms");
    await second();
    await second();
    lines.splice(0);
    await second();
    expect(lines.map(({ farms: whole, news }) => [whole, news])).toEqual([[[], []]]);
    lines.splice(0);
    count(first, 7, 10);
    await second();
    const [news] = lines.flatMap((line) => line.news);
    expect([news?.farmId, news?.backends?.map(({ place }) => place)]).toEqual([first.id, expect.arrayContaining([7])]);
    expect(news?.backends?.find(({ place }) => place === 7)?.set).toMatchObject({ newPerS: 10 });
  });

  test("a round that fails in the middle has told what it kept", async () => {
    const { live, lines, count, second, failAt } = world();
    const [first, last] = [farms[0], farms[4]];
    if (first === undefined || last === undefined) throw new Error("no farms");
    await second();
    const hello = live.rows();
    lines.splice(0);
    count(first, 0, 3);
    failAt(last);
    await expect(second()).rejects.toThrow("no trouble known");
    failAt(null);
    expect(withoutTime(heardFrom(hello, lines).values())).toEqual(withoutTime(live.rows()));
    await second();
    expect(withoutTime(heardFrom(hello, lines).values())).toEqual(withoutTime(live.rows()));
  });

  test("a farm that was removed is told once and forgotten", async () => {
    const { live, lines, remove, second } = world();
    const [gone] = farms;
    if (gone === undefined) throw new Error("no farms");
    await second();
    remove(gone);
    lines.splice(0);
    await second();
    await second();
    expect(lines.flatMap(({ removed }) => removed)).toEqual([gone.id]);
    expect(live.rows().map(({ farmId }) => farmId)).not.toContain(gone.id);
  });
});
