import { describe, expect, test } from "vitest";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { diff } from "../core/ruleset/diff.ts";
import { renderStatements } from "../core/ruleset/render.ts";
import type { Applier } from "./applier.ts";
import { createConditions } from "./conditions.ts";
import type { ConntrackDump } from "./conntrack.ts";
import { planChange, type State } from "./plan.ts";
import { probeKey } from "./probe-keys.ts";
import { createRecentTimes } from "./recent-times.ts";
import { emptyState } from "./replay.ts";
import { createWeigher } from "./weigher.ts";
import { createWeightLog } from "./weight-log.ts";

const actor = { id: "a", name: "A" };

function farmOf(number: number, more: Record<string, unknown>): Farm {
  const backends = [1, 2, 3].map((host) => ({ address: `10.1.${number}.${host}`, weight: 100 }));
  return testFarm(number, backends, { addresses: [`10.9.0.${number}`], scheduler: "least-response", ...more });
}

/** A state with these farms, a clock that a test moves, and everything that is measured in its hands. */
function world(farms: readonly Farm[]) {
  let nowMs = 1_000_000;
  let state = changed(
    emptyState(0x51),
    farms.map((farm) => ({ type: "put-farm", base: null, farm })),
    1,
  );
  const turns: string[][] = [];
  const events: string[] = [];
  let dump: ConntrackDump | null = null;
  const conditions = createConditions((error) => {
    throw error;
  });
  const own: Applier["own"] = async (step) => {
    const wanted = step(state);
    if (wanted === null) return false;
    turns.push(renderStatements(diff(state.ruleset, wanted.state.ruleset)));
    state = wanted.state;
    return true;
  };
  conditions.use(own);
  const now = () => nowMs;
  const recent = createRecentTimes(now);
  const log = createWeightLog({ add: ({ text }) => void events.push(text) }, now);
  const written: unknown[] = [];
  const file = { moved: (_: number, factors: () => unknown) => void written.push(factors()) };
  const sources = { recent, dump: () => ({ dump, periodMs: 1000 }), probeIntervalMs: 1000 };
  const weigher = createWeigher({ ...sources, state: () => state, conditions, log, file, now });

  function changed(before: State, operations: readonly Operation[], n: number): State {
    const plan = planChange(before, operations, { epoch: 1, n, actor, at: nowMs }, conditionsOr());
    if (!plan.ok) throw new Error("text" in plan.error ? plan.error.text : "conflict");
    return plan.value.state;
  }
  function conditionsOr() {
    return { of: () => new Map(), host: { neighbours: new Map(), macs: new Map(), arrival: () => null } };
  }
  const markIds = (farm: Farm) => [...(state.allocation.farms.get(farm.id)?.ids.values() ?? [])];
  return {
    conditions,
    recent,
    weigher,
    log,
    turns,
    events,
    written,
    state: () => state,
    markIds,
    now,
    /** what the connect probes of a farm's backends say */
    probe(farm: Farm, ms: readonly (number | null)[]) {
      recent.take(
        ms.flatMap((each, at) => {
          const us = each === null ? null : each * 1000;
          const key = probeKey(markIds(farm)[at] ?? 0, "connect");
          return each === null
            ? []
            : [{ key, at: nowMs, connectUs: us, tookUs: us, error: null, text: "", degraded: false }];
        }),
      );
    },
    dump(active: ReadonlyMap<number, number>) {
      dump = { atMs: nowMs, durationMs: 1, active, unanswered: new Map(), carried: new Set() };
    },
    /** seconds, each with what is measured in it */
    async seconds(count: number, measure: () => void = () => undefined) {
      for (let at = 0; at < count; at++) {
        nowMs += 1000;
        measure();
        await weigher.round();
      }
    },
    factor: (farm: Farm, at: number) => {
      const id = farm.backends[at]?.id ?? "";
      return conditions.of(farm.id).get(id)?.factor ?? 1;
    },
    why: (farm: Farm, at: number) => weigher.of(farm.id, farm.backends[at]?.id ?? ""),
    put(farm: Farm) {
      state = changed(state, [{ type: "put-farm", base: 1, farm }], 2);
    },
  };
}

describe("the weigher", () => {
  test("moves all farms of a round in one transaction, and few slots of each", async () => {
    const farms = [1, 2, 3].map((number) => farmOf(number, {}));
    const { seconds, probe, turns, factor } = world(farms);
    const [first] = farms;
    if (first === undefined) throw new Error("three farms");
    const all = (ms: readonly number[]) => () => {
      for (const farm of farms) probe(farm, ms);
    };
    await seconds(3, all([10, 10, 10]));
    expect(turns).toEqual([]);
    await seconds(12, all([10, 10, 50]));
    expect(factor(first, 2)).toBeLessThan(0.45);
    expect(turns.length).toBeLessThanOrEqual(12);
    for (const statements of turns) {
      // one statement takes slots away, one puts them in
      expect(statements).toHaveLength(2);
      expect(statements[1]?.split(" : ").length).toBeLessThan(3 * 40);
    }
  });

  test("explains each weight, and tells people once of a move that is worth it", async () => {
    const farm = farmOf(1, {});
    const { seconds, probe, why, events, log } = world([farm]);
    await seconds(1);
    expect(why(farm, 0)).toEqual({ factor: 1, text: "no latency known yet", isHeld: true });
    await seconds(3, () => probe(farm, [12, 12, 12]));
    await seconds(9, () => probe(farm, [12, 12, 48]));
    expect(why(farm, 2)).toMatchObject({ text: "p95 48 ms against 12 ms", isHeld: false });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatch(/^b-3 33 % to [12]\d %: p95 48 ms against 12 ms$/);
    const points = log.points(farm.id, farm.backends[2]?.id ?? "");
    expect(points[0]).toMatchObject({ weight: 100, plannedPct: 33.3, text: "weight 100" });
    expect(points.at(-1)?.plannedPct).toBeLessThan(17);
  });

  test("says the p95 of the window it went by, and names what steers where that is another time", async () => {
    const farm = farmOf(1, {});
    const { seconds, markIds, recent, probe, why, events, log } = world([farm]);
    const connections = (id: number, ms: number, lateMs: number) => {
      for (let at = 0; at < 100; at++) recent.answered(id, 1000 * (at % 10 === 0 ? lateMs : ms));
    };
    await seconds(9, () => {
      probe(farm, [1, 1, 1]);
      const [a = 0, b = 0, c = 0] = markIds(farm);
      connections(a, 12, 12);
      connections(b, 12, 12);
      connections(c, 30, 400);
    });
    const text = /^p95 (39|40)\d ms against 12 ms; steered by the geometric mean 39 ms against 12 ms$/;
    expect(why(farm, 2)?.text).toMatch(text);
    expect(events[0]?.replace(/^b-3 33 % to \d+ %: /, "")).toMatch(text);
    expect(log.points(farm.id, farm.backends[2]?.id ?? "").at(-1)?.text).toMatch(text);
  });

  test("says opening and answer apart where both were added up", async () => {
    const farm = farmOf(1, { healthCheck: { type: "http", intervalMs: 1000, timeoutMs: 900 } });
    const { seconds, markIds, recent, now, why } = world([farm]);
    const check = (id: number, connectMs: number, answerMs: number) => {
      const [connectUs, tookUs] = [connectMs * 1000, (connectMs + answerMs) * 1000];
      const key = probeKey(id, "check");
      const result = { key, at: now(), connectUs, tookUs, error: null, text: "", degraded: false };
      recent.take([result], [result]);
    };
    await seconds(9, () => {
      for (const [at, id] of markIds(farm).entries()) check(id, 2, at === 2 ? 60 : 10);
    });
    expect(why(farm, 2)?.text).toMatch(
      /^p95 60 ms against 10 ms to answer its check, 2\.0 ms against 2\.0 ms to open; steered by the sum of both medians 62 ms against 12 ms$/,
    );
  });

  test("holds when the measuring stops, and says so", async () => {
    const farm = farmOf(1, {});
    const { seconds, probe, why, turns, factor } = world([farm]);
    await seconds(14, () => probe(farm, [10, 10, 60]));
    const before = [factor(farm, 2), turns.length];
    await seconds(20);
    expect([factor(farm, 2), turns.length]).toEqual(before);
    expect(why(farm, 2)).toMatchObject({ text: "nothing measured lately", isHeld: true });
  });

  test("moves nobody while one after the other falls silent, and names who is", async () => {
    const farm = farmOf(1, {});
    const { seconds, probe, why, turns, factor } = world([farm]);
    const factors = () => [0, 1, 2].map((at) => factor(farm, at));
    const all = () => probe(farm, [10, 10, 40]);
    await seconds(60, all);
    const before = [factors(), turns.length];
    for (const last of [
      [10, 10, null],
      [null, 10, null],
    ])
      await seconds(7, () => probe(farm, last));
    expect(why(farm, 1)).toMatchObject({ text: "nothing measured lately", isHeld: true });
    await seconds(20);
    expect([factors(), turns.length]).toEqual(before);
    await seconds(30, () => probe(farm, [10, 10, null]));
    expect([factors(), turns.length]).toEqual(before);
    expect(why(farm, 0)).toMatchObject({ text: "p95 10 ms against 10 ms; 1 of 3 not measured lately", isHeld: false });
    await seconds(30, all);
    expect([factors(), turns.length]).toEqual(before);
  });

  /** results of checks: `connectMs` null = it does not connect */
  const checked = (id: number, at: number, connectMs: number | null, tookMs: number) => {
    const connectUs = connectMs === null ? null : connectMs * 1000;
    const key = probeKey(id, "check");
    return { key, at, connectUs, tookUs: tookMs * 1000, error: null, text: "", degraded: false };
  };

  test("goes by a check that connects seldom as long as its next is not due", async () => {
    const farm = farmOf(1, { healthCheck: { type: "tcp", intervalMs: 10_000, timeoutMs: 1000 } });
    const { seconds, markIds, recent, now, why, factor } = world([farm]);
    const held: unknown[] = [];
    let second = 0;
    await seconds(90, () => {
      if (second > 0) held.push(why(farm, 2)?.isHeld);
      if (second++ % 10 !== 0) return;
      const results = markIds(farm).map((id, at) => checked(id, now(), at === 2 ? 50 : 10, at === 2 ? 50 : 10));
      recent.take(results, results);
    });
    expect(new Set(held)).toEqual(new Set([false]));
    expect(factor(farm, 2)).toBeLessThan(0.5);
  });

  test("holds who still answers its check and is not connected to any more", async () => {
    const farm = farmOf(1, { healthCheck: { type: "dns", name: "a.test", intervalMs: 1000, timeoutMs: 900 } });
    const { seconds, markIds, recent, now, probe, why, factor } = world([farm]);
    const answers = () => recent.take(markIds(farm).map((id) => checked(id, now(), null, 5)));
    await seconds(30, () => {
      answers();
      probe(farm, [10, 10, 60]);
    });
    const before = factor(farm, 2);
    expect(before).toBeLessThan(0.5);
    await seconds(20, () => {
      answers();
      probe(farm, [10, 10, null]);
    });
    expect(why(farm, 2)).toMatchObject({ factor: before, isHeld: true });
  });

  test("leaves alone who takes no new connections, and the weights that people set", async () => {
    const weighed = farmOf(1, {});
    const backends = weighed.backends.map((backend, at) => ({ ...backend, weight: [100, 100, 0][at] ?? 0 }));
    const farm: Farm = { ...weighed, backends };
    const fixed = farmOf(2, { scheduler: "weighted" });
    const { seconds, probe, why, conditions, factor } = world([farm, fixed]);
    await seconds(12, () => {
      for (const each of [farm, fixed]) probe(each, [10, 60, 90]);
    });
    expect(factor(farm, 1)).toBeLessThan(1);
    expect([factor(farm, 2), why(farm, 2), why(fixed, 1)]).toEqual([1, null, null]);
    expect(conditions.of(fixed.id).size).toBe(0);
    conditions.set("checks", farm.id, farm.backends[1]?.id ?? "", { health: "down" });
    await seconds(1);
    expect(factor(farm, 1)).toBe(1);
  });

  test("goes by open connections against what the weights would give", async () => {
    const farm = farmOf(1, { scheduler: "least-connections" });
    const { seconds, dump, markIds, why, factor } = world([farm]);
    const [a = 0, b = 0, c = 0] = markIds(farm);
    await seconds(12, () =>
      dump(
        new Map([
          [a, 100],
          [b, 100],
          [c, 400],
        ]),
      ),
    );
    expect(why(farm, 2)?.text).toBe("400 open connections against 200 by its weight");
    expect(factor(farm, 2)).toBeLessThan(0.5);
  });

  test("of load follows the CPU, or what an agent asks for, and is fixed without a source", async () => {
    const unset = farmOf(1, { scheduler: "least-load" });
    const agent = farmOf(2, { scheduler: "least-load", dynamic: { load: { type: "agent", port: 9 } } });
    const cpu = farmOf(3, { scheduler: "least-load", dynamic: { load: { type: "node-exporter" } } });
    const { seconds, recent, markIds, why, factor, now } = world([unset, agent, cpu]);
    const said = (farm: Farm, more: Record<string, readonly number[]>) =>
      markIds(farm).map((id, at) => {
        const own = Object.fromEntries(Object.entries(more).map(([name, each]) => [name, each[at]]));
        return {
          key: probeKey(id, "load"),
          at: now(),
          connectUs: 1,
          tookUs: 2,
          error: null,
          text: "",
          degraded: false,
          ...own,
        };
      });
    await seconds(12, () => {
      recent.take(said(agent, { weightPct: [100, 100, 40] }));
      recent.take(said(cpu, { loadPct: [20, 20, 95] }));
    });
    expect(why(unset, 0)).toEqual({ factor: 1, text: "load source not set", isHeld: true });
    expect(factor(agent, 2)).toBeCloseTo(0.42, 1);
    expect(why(agent, 2)?.text).toBe("asks for 40 % of its weight");
    expect(factor(cpu, 2)).toBeLessThan(0.6);
    expect(why(cpu, 2)?.text).toBe("CPU 95 % against 20 %");
  });

  test("takes away what a former life left on a farm that measures nothing any more", async () => {
    const farm = farmOf(1, { scheduler: "weighted" });
    const { conditions, weigher } = world([farm]);
    conditions.set("dynamic", farm.id, farm.backends[0]?.id ?? "", { factor: 0.3 });
    await weigher.round();
    expect(conditions.of(farm.id).size).toBe(0);
  });

  test("goes on from the factors that a restart left, and keeps them in its file", async () => {
    const farm = farmOf(1, {});
    const { seconds, probe, conditions, written, factor, turns } = world([farm]);
    conditions.set("dynamic", farm.id, farm.backends[2]?.id ?? "", { factor: 0.3 });
    await seconds(2);
    expect(factor(farm, 2)).toBe(0.3);
    const [jump] = turns;
    expect(jump).toHaveLength(2);
    await seconds(1, () => probe(farm, [10, 10, 10]));
    expect(factor(farm, 2)).toBeCloseTo(0.3 * 1.35, 3);
    expect(written.at(-1)).toEqual({ [farm.id]: { [farm.backends[2]?.id ?? ""]: factor(farm, 2) } });
  });

  test("takes its factors back when the farm goes by its weights again", async () => {
    const farm = farmOf(1, {});
    const { seconds, probe, put, conditions, why } = world([farm]);
    await seconds(12, () => probe(farm, [10, 10, 60]));
    expect(conditions.of(farm.id).size).toBeGreaterThan(0);
    put({ ...farm, scheduler: "weighted" });
    await seconds(1, () => probe(farm, [10, 10, 60]));
    expect([conditions.of(farm.id).size, why(farm, 2)]).toEqual([0, null]);
  });
});
