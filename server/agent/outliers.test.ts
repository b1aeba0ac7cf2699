import { expect, test } from "vitest";
import { memberKey } from "../core/allocation/allocation.ts";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Applier } from "./applier.ts";
import { createConditions } from "./conditions.ts";
import { effectiveOf, nothingSeen } from "./effective-memo.ts";
import { createOutliers } from "./outliers.ts";
import { planChange, type State } from "./plan.ts";
import { emptyState } from "./replay.ts";
import type { Opens } from "./traffic-latency.ts";

const farm = testFarm(1, [{ address: "10.1.0.1" }, { address: "10.1.0.2" }, { address: "10.1.0.3" }], {
  outlier: { windowS: 10, opensMin: 10, holdS: 30 },
});
const [first = "", second = ""] = farm.backends.map(({ id }) => id);
const good: Opens = { answered: 20, refused: 0, unanswered: 0, reset: 0 };
const refusing: Opens = { answered: 0, refused: 12, unanswered: 0, reset: 0 };

function changed(state: State, operation: Operation, n: number): State {
  const plan = planChange(state, [operation], { epoch: 1, n, actor: { id: "a", name: "A" }, at: 1 }, nothingSeen);
  if (!plan.ok) throw new Error(plan.error.text);
  return plan.value.state;
}

function world(conditions = createConditions()) {
  let isRefusing = false;
  let state = changed(emptyState(0x51), { type: "put-farm", base: null, farm }, 1);
  const own: Applier["own"] = async (step) => {
    const wanted = step(state);
    if (wanted === null || isRefusing) return false;
    state = wanted.state;
    return true;
  };
  conditions.use(own);
  const told: string[] = [];
  const forgotten: number[] = [];
  let opens = new Map<string, Opens>();
  let nowMs = 0;
  let jumpedMs = 0;
  const outliers = createOutliers({
    state: () => state,
    conditions,
    events: { add: ({ kind, text }) => told.push(`${kind} ${text}`) },
    takeOpens: (markId) => {
      const ids = state.allocation.farms.get(farm.id)?.ids;
      const backends = state.desired.farms.get(farm.id)?.farm.backends;
      const backend = backends?.find((each) => ids?.get(memberKey(each)) === markId);
      return opens.get(backend?.id ?? "") ?? null;
    },
    conntrack: {
      deleteUnserved: async (markId) => {
        forgotten.push(markId);
        return 0;
      },
    },
    now: () => nowMs,
    jumpedMs: () => {
      const byMs = jumpedMs;
      jumpedMs = 0;
      return byMs;
    },
    pause: () => Promise.resolve(),
  });
  return {
    outliers,
    conditions,
    told,
    forgotten,
    refuse: (is: boolean) => {
      isRefusing = is;
    },
    weights: () => effectiveOf(farm, conditions).backends.map(({ weight }) => weight),
    change: (operation: Operation) => {
      state = changed(state, operation, state.desired.n + 1);
    },
    jump(byMs: number) {
      jumpedMs = byMs;
    },
    async round(atMs: number, seen: readonly (readonly [string, Opens])[] = []) {
      nowMs = atMs;
      opens = new Map(seen);
      await outliers.round();
    },
  };
}

test("who refuses is taken out of the farm with its reason, and tried again after the hold", async () => {
  const { round, weights, told, forgotten, outliers } = world();
  await round(0);
  await round(1000, [
    [first, refusing],
    [second, good],
  ]);
  expect(weights()).toEqual([0, 100, 100]);
  expect(forgotten).toHaveLength(1);
  expect(outliers.ejectionOf(farm.id, first)).toEqual({
    sinceMs: 1000,
    untilMs: 31_000,
    text: "12 of 12 opens refused",
  });
  expect(told).toEqual(["health b-1 is out for 30 s: 12 of 12 opens refused"]);
  await round(31_000);
  expect([weights(), outliers.ejectionOf(farm.id, first)]).toEqual([[100, 100, 100], null]);
  expect(told.at(-1)).toBe("health b-1 is back in: it is tried again");
});

test("who is out is told, and shown so, when the kernel has it; one that was never out is never told to be back", async () => {
  const { round, refuse, told, forgotten, outliers } = world();
  await round(0);
  refuse(true);
  await round(1000, [
    [first, refusing],
    [second, good],
  ]);
  expect([told, forgotten, outliers.ejectionOf(farm.id, first)]).toEqual([[], [], null]);
  refuse(false);
  await round(2000);
  expect(told).toEqual(["health b-1 is out for 30 s: 12 of 12 opens refused"]);
  expect([forgotten.length, outliers.ejectionOf(farm.id, first)?.untilMs]).toEqual([1, 31_000]);
  await round(31_000);
  refuse(true);
  await round(32_000, [
    [first, refusing],
    [second, good],
  ]);
  await round(200_000);
  refuse(false);
  await round(201_000);
  expect(told).toHaveLength(2);
});

test("what happened before a farm asked is not held against anybody", async () => {
  const { round, weights } = world();
  await round(0, [[first, refusing]]);
  await round(1000);
  expect(weights()).toEqual([100, 100, 100]);
});

test("one that is left alone comes back at once, and when nobody asks any more everybody does", async () => {
  const { round, weights, change, outliers, conditions } = world();
  await round(0);
  await round(1000, [[first, refusing]]);
  const states = { [second]: "drain", [farm.backends[2]?.id ?? ""]: "maintenance" } as const;
  change({ type: "set-admin-state", farmId: farm.id, base: 1, states });
  await round(2000);
  expect(outliers.ejectionOf(farm.id, first)).toBeNull();
  expect(weights()[0]).toBe(100);

  const other = world();
  await other.round(0);
  await other.round(1000, [[first, refusing]]);
  expect(other.outliers.isAsked()).toBe(true);
  other.change({ type: "put-farm", base: 1, farm: { ...farm, outlier: null } });
  await other.round(2000);
  expect([other.outliers.isAsked(), other.weights()]).toEqual([false, [100, 100, 100]]);
  expect(other.conditions.said("outliers", farm.id, first)).toBeNull();
  expect(conditions.of(farm.id).size).toBe(0);
});

test("a farm that is not asked any more has its backend back when the kernel has", async () => {
  const { outliers, round, refuse, change } = world();
  await round(0);
  await round(1000, [[first, refusing]]);
  change({ type: "put-farm", base: 1, farm: { ...farm, outlier: null } });
  refuse(true);
  await round(2000);
  expect(outliers.ejectionOf(farm.id, first)).not.toBeNull();
  refuse(false);
  await round(3000);
  expect(outliers.ejectionOf(farm.id, first)).toBeNull();
});

test("who was out when the agent ended is held once more, then comes back", async () => {
  const conditions = createConditions();
  conditions.restore({ [farm.id]: { [first]: { outliers: { out: "ejected" } } } });
  const { round, weights, outliers } = world(conditions);
  await round(5000);
  expect([weights()[0], outliers.ejectionOf(farm.id, first)?.untilMs]).toEqual([0, 35_000]);
  await round(35_000);
  expect(weights()).toEqual([100, 100, 100]);
});

test("a clock that was set makes no hold longer or shorter", async () => {
  const { round, jump, weights } = world();
  const day = 86_400_000;
  await round(day);
  await round(day + 1000, [
    [first, refusing],
    [second, good],
  ]);
  jump(-3_600_000);
  await round(day - 3_598_000);
  expect(weights()).toEqual([0, 100, 100]);
  await round(day - 3_600_000 + 31_000);
  expect(weights()).toEqual([100, 100, 100]);
});

test("another port is another backend: it is not held for what the old one did", async () => {
  const { round, change, weights, outliers } = world();
  await round(0);
  await round(1000, [
    [first, refusing],
    [second, good],
  ]);
  const backends = farm.backends.map((each, at) => (at === 0 ? { ...each, port: 8181 } : each));
  change({ type: "put-farm", base: 1, farm: { ...farm, backends } });
  await round(2000);
  expect([weights(), outliers.ejectionOf(farm.id, first)]).toEqual([[100, 100, 100], null]);
});
