import { expect, test } from "vitest";
import { retiringBlocks } from "../core/allocation/allocation.ts";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { renderScript } from "../core/ruleset/render.ts";
import type { Applier } from "./applier.ts";
import { nothingSeen } from "./effective-memo.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { compileAll, type Plan, planChange, type State } from "./plan.ts";
import type { AllocationRecord } from "./records.ts";
import { emptyState } from "./replay.ts";

const actor = { id: "a", name: "A" };

/** The last change of many: farms that each left blocks, because exact shares needed another modulus each time. */
function planWithLeftBlocks(farms: number, blocksEach: number): Plan {
  const made = Array.from({ length: farms }, (_, at) => {
    const place = `${at >> 8}.${at & 255}`;
    const backends = [1, 2].map((each) => ({ address: `10.${each}.${place}`, weight: 1 }));
    return testFarm(at + 1, backends, { addresses: [`10.9.${place}`] });
  });
  let plan = planned(
    emptyState(0x51),
    made.map((farm) => ({ type: "put-farm", base: null, farm })),
  );
  for (const farm of made)
    for (let at = 0; at < blocksEach; at++) {
      const weights = { [farm.backends[0]?.id ?? ""]: at % 2 === 0 ? 96 : 1 };
      const base = at === 0 ? 1 : plan.state.desired.n;
      plan = planned(plan.state, [{ type: "set-weights", base, farmId: farm.id, weights }]);
    }
  return plan;
}

function planned(state: State, operations: readonly Operation[]): Plan {
  const next = { epoch: 1, n: state.desired.n + 1, actor, at: 1 };
  const plan = planChange(state, operations, next, nothingSeen);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function world(farms: number, blocksEach = 1) {
  const plan = planWithLeftBlocks(farms, blocksEach);
  let { state } = plan;
  const left = retiringBlocks(state.allocation).map(({ base }) => base);
  const records: AllocationRecord[] = [];
  const own: Applier["own"] = async (step) => {
    const wanted = step(state);
    if (wanted === null) return false;
    state = wanted.state;
    if (wanted.record !== undefined) records.push(wanted.record);
    return true;
  };
  const clock = { nowMs: 0 };
  const tasks: { readonly at: number; readonly task: () => void }[] = [];
  const housekeeping = createHousekeeping({
    own,
    conntrack: { deleteFlows: async () => 0, deleteByDestination: async () => 0 },
    events: { add: () => undefined, newest: () => [] },
    conditions: nothingSeen,
    now: () => clock.nowMs,
    after: (ms, task) => tasks.push({ at: clock.nowMs + ms, task }),
  });
  /** what is due until then, in its order */
  const runUntil = async (nowMs: number) => {
    for (let next = tasks[0]; next !== undefined && next.at <= nowMs; next = tasks[0]) {
      tasks.shift();
      clock.nowMs = next.at;
      next.task();
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.nowMs = nowMs;
  };
  const freed = () => records.map((record) => (record.step === "release-blocks" ? record.bases : []));
  const change = () => housekeeping.committed(state, state, plan);
  return { state: () => state, left, freed, housekeeping, runUntil, change };
}

test("left blocks are freed one at a time, and then the rules are as if they had never been", async () => {
  const { state, left, freed, change, runUntil } = world(8);
  expect(left).toHaveLength(8);
  change();
  await runUntil(1199);
  expect(freed()).toEqual([]);
  await runUntil(1200);
  expect(freed().flat()).toEqual(left);
  for (const bases of freed()) expect(bases).toHaveLength(1);
  expect(retiringBlocks(state().allocation)).toEqual([]);
  expect(renderScript(state().ruleset)).toBe(
    renderScript(compileAll(state().desired, state().allocation, nothingSeen)),
  );
});

test("while changes come one after the other, freeing waits for the first quiet moment", async () => {
  const { left, freed, change, runUntil } = world(4);
  for (let atMs = 0; atMs <= 3000; atMs += 100) {
    await runUntil(atMs);
    change();
  }
  expect(freed()).toEqual([]);
  await runUntil(4000);
  expect(freed().flat()).toEqual(left);
});

test.each([
  { farms: 12, blocksEach: 1 },
  { farms: 1, blocksEach: 12 },
])("where $farms farms left $blocksEach each, they are freed between changes", async ({ farms, blocksEach }) => {
  const { left, freed, change, runUntil } = world(farms, blocksEach);
  expect(left).toHaveLength(12);
  for (let atMs = 0; atMs <= 1300; atMs += 100) {
    await runUntil(atMs);
    change();
  }
  expect(freed().flat()).toHaveLength(12);
});
