import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outlier } from "../farm/outlier.ts";
import {
  ejections,
  judgeOutliers,
  noOutliers,
  type OpenCounts,
  type OutlierBackend,
  type OutlierState,
  resumeEjection,
} from "./outlier.ts";

const settings: Outlier = {
  failedPct: 50,
  opensMin: 20,
  windowS: 10,
  holdS: 30,
  holdMaxS: 100,
  ejectedPctMax: 50,
};
const good: OpenCounts = { answered: 20, refused: 0, unanswered: 0, reset: 0 };
const refusing: OpenCounts = { answered: 8, refused: 12, unanswered: 0, reset: 0 };

function backends(fresh: readonly (OpenCounts | null)[]): OutlierBackend[] {
  return fresh.map((counts, at) => ({ id: `b${at}`, group: "4", mayServe: true, fresh: counts }));
}

function judge(fresh: readonly (OpenCounts | null)[], state: OutlierState = noOutliers, nowMs = 0, own = settings) {
  return judgeOutliers(state, { settings: own, backends: backends(fresh), leftMin: 1 }, nowMs);
}

test("a backend that refuses more than its part is out for the hold time, and the reason is in words", () => {
  const { state, ejected } = judge([refusing, good, good]);
  expect(ejected).toEqual([{ id: "b0", ejection: { sinceMs: 0, untilMs: 30_000, text: "12 of 20 opens refused" } }]);
  expect(judge([null, good, good], state, 29_999)).toMatchObject({ ejected: [], returned: [] });
  const back = judge([null, good, good], state, 30_000);
  expect(back.returned).toEqual(["b0"]);
  expect(ejections(back.state).size).toBe(0);
});

test("below the least number of opens nothing is concluded, over seconds of the window it adds up, beyond it is forgotten", () => {
  const few = { ...refusing, answered: 2, refused: 8 };
  const first = judge([few, good]);
  expect(first.ejected).toEqual([]);
  expect(judge([few, good], first.state, 9999).ejected).toHaveLength(1);
  expect(judge([few, good], first.state, 10_000).ejected).toEqual([]);
});

test("opens that are never answered count as those that are refused, and the text names both", () => {
  const hanging = { answered: 5, refused: 5, unanswered: 10, reset: 0 };
  expect(judge([good, hanging]).ejected[0]?.ejection.text).toBe("of 20 opens 5 refused, 10 not answered");
  expect(judge([good, { ...hanging, answered: 10, refused: 0 }]).ejected[0]?.ejection.text).toBe(
    "10 of 20 opens not answered",
  );
});

test("a backend that takes connections and resets them is found by comparison; clients that reset everywhere take nobody out", () => {
  const halfDead = { ...good, reset: 18 };
  expect(judge([good, halfDead, good]).ejected).toMatchObject([
    { id: "b1", ejection: { text: "18 of 20 opens reset at once" } },
  ]);
  expect(judge([halfDead, halfDead, halfDead]).ejected).toEqual([]);
  expect(judge([halfDead, null, null]).ejected).toEqual([]);
});

test("each ejection in a row holds twice as long, up to the bound; a backend that stayed well begins anew", () => {
  let state: OutlierState = noOutliers;
  let nowMs = 0;
  const holds: number[] = [];
  for (let round = 0; round < 4; round++) {
    const { state: out, ejected } = judge([refusing, good], state, nowMs);
    const { untilMs } = ejected[0]?.ejection ?? { untilMs: 0 };
    holds.push((untilMs - nowMs) / 1000);
    state = judge([null, good], out, untilMs).state;
    nowMs = untilMs + 1000;
  }
  expect(holds).toEqual([30, 60, 100, 100]);
  const later = judge([refusing, good], judge([good, good], state, nowMs + 120_000).state, nowMs + 121_000);
  const again = judge([{ ...refusing, refused: 60 }, good], later.state, nowMs + 122_000);
  const ejection = [...later.ejected, ...again.ejected][0]?.ejection;
  expect((ejection?.untilMs ?? 0) - (ejection?.sinceMs ?? 0)).toBe(30_000);
});

test("when everybody else goes away an ejected backend comes back at once", () => {
  const { state } = judge([refusing, refusing, good, good]);
  expect([...ejections(state).keys()].sort()).toEqual(["b0", "b1"]);
  const gone = backends([null, null, null, null]).map((each, at) => ({ ...each, mayServe: at < 2 }));
  const judged = judgeOutliers(state, { settings, backends: gone, leftMin: 1 }, 5000);
  expect(judged.returned).toEqual(["b0"]);
  expect([...ejections(judged.state).keys()]).toEqual(["b1"]);
});

test("one of each address family stays, though both fail", () => {
  const two = backends([refusing, refusing, good, good]).map((each, at) => ({ ...each, group: at === 0 ? "6" : "4" }));
  expect(judgeOutliers(noOutliers, { settings, backends: two, leftMin: 1 }, 0).ejected.map(({ id }) => id)).toEqual([
    "b1",
  ]);
});

test("as many stay as the farm needs to count as up", () => {
  const four = backends([refusing, refusing, good, good]);
  const farm = (leftMin: number) => ({ settings: { ...settings, ejectedPctMax: 100 }, backends: four, leftMin });
  expect(judgeOutliers(noOutliers, farm(2), 0).ejected).toHaveLength(2);
  expect(judgeOutliers(noOutliers, farm(3), 0).ejected).toHaveLength(1);
  expect(judgeOutliers(noOutliers, farm(9), 0).ejected).toEqual([]);
});

test("what was out before a restart is held once more, and then comes back", () => {
  const state = resumeEjection(noOutliers, "b0", settings, 0);
  expect(judge([null, good], state, 29_999).returned).toEqual([]);
  expect(judge([null, good], state, 30_000).returned).toEqual(["b0"]);
});

test("a backend that left the farm is forgotten", () => {
  const { state } = judge([refusing, good, good]);
  expect([
    ...judgeOutliers(state, { settings, backends: backends([null, null]).slice(1), leftMin: 1 }, 1000).state.keys(),
  ]).toEqual(["b1"]);
});

const counts = fc.record({
  answered: fc.nat({ max: 60 }),
  refused: fc.nat({ max: 60 }),
  unanswered: fc.nat({ max: 60 }),
  reset: fc.nat({ max: 60 }),
});
const rounds = fc.array(
  fc.record({
    stepMs: fc.integer({ min: 100, max: 60_000 }),
    each: fc.array(fc.record({ fresh: fc.option(counts, { nil: null }), mayServe: fc.boolean() }), {
      minLength: 6,
      maxLength: 6,
    }),
  }),
  { maxLength: 60 },
);
const anySettings = fc.record({
  failedPct: fc.integer({ min: 1, max: 100 }),
  opensMin: fc.integer({ min: 3, max: 60 }),
  windowS: fc.integer({ min: 1, max: 60 }),
  holdS: fc.integer({ min: 1, max: 60 }),
  holdMaxS: fc.integer({ min: 1, max: 300 }),
  ejectedPctMax: fc.integer({ min: 1, max: 100 }),
});

test("whatever happens: never too many out by a new ejection, enough of each group in, holds within bounds, the state small", () => {
  fc.assert(
    fc.property(anySettings, rounds, fc.integer({ min: 1, max: 4 }), (own, list, leftMin) => {
      let state: OutlierState = noOutliers;
      let nowMs = 0;
      for (const { stepMs, each } of list) {
        nowMs += stepMs;
        const given = each.map((one, at) => ({ ...one, id: `b${at}`, group: at % 2 === 0 ? "4" : "6" }));
        const judged = judgeOutliers(state, { settings: own, backends: given, leftMin }, nowMs);
        state = judged.state;
        const out = ejections(state);
        const able = given.filter(({ mayServe }) => mayServe);
        const outOf = (some: readonly { id: string }[]) => some.filter(({ id }) => out.has(id)).length;
        if (judged.ejected.length > 0) expect(outOf(able)).toBeLessThanOrEqual((able.length * own.ejectedPctMax) / 100);
        for (const group of ["4", "6"]) {
          const members = able.filter((one) => one.group === group);
          expect(members.length - outOf(members)).toBeGreaterThanOrEqual(Math.min(leftMin, members.length));
        }
        for (const { sinceMs, untilMs } of out.values()) {
          expect(untilMs).toBeGreaterThan(nowMs);
          expect(untilMs - sinceMs).toBeGreaterThanOrEqual(own.holdS * 1000);
          expect(untilMs - sinceMs).toBeLessThanOrEqual(Math.max(own.holdS, own.holdMaxS) * 1000);
        }
        for (const { ejection, id } of judged.ejected) {
          expect(ejection.sinceMs).toBe(nowMs);
          expect(given.find((one) => one.id === id)?.mayServe).toBe(true);
        }
      }
      expect(state.size).toBeLessThanOrEqual(6);
    }),
  );
});
