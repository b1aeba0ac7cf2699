import { expect, test } from "vitest";
import { retiringBlocks } from "../core/allocation/allocation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Health } from "../core/farm/types.ts";
import { renderScript } from "../core/ruleset/render.ts";
import type { Applier } from "./applier.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { compileAll, planChange, planSeed, type State } from "./plan.ts";
import type { AllocationRecord } from "./records.ts";
import { emptyState } from "./replay.ts";

const health: ReadonlyMap<string, Health> = new Map();
const actor = { id: "a", name: "A" };

/** Farms that each left a block: another modulus. */
function stateWithLeftBlocks(farms: number): State {
  const seeded = planSeed(
    emptyState(0x51),
    Array.from({ length: farms }, (_, at) =>
      testFarm(at + 1, [
        { address: `198.51.100.${at + 1}`, weight: 1 },
        { address: `203.0.113.${at + 1}`, weight: 1 },
      ]),
    ),
    { epoch: 1, n: 1, actor, at: 1 },
    health,
  );
  if (!seeded.ok) throw new Error(seeded.error.text);
  let state = seeded.value.state;
  for (const { farm, version } of [...state.desired.farms.values()]) {
    const weights = { [farm.backends[0]?.id ?? ""]: 96 };
    const next = { epoch: 1, n: state.desired.n + 1, actor, at: 1 };
    const plan = planChange(state, [{ type: "set-weights", base: version, farmId: farm.id, weights }], next, health);
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    state = plan.value.state;
  }
  return state;
}

test("left blocks are freed a few at a time, and then the rules are as if they had never been", async () => {
  let state = stateWithLeftBlocks(8);
  const left = retiringBlocks(state.allocation).map(({ base }) => base);
  expect(left).toHaveLength(8);
  const records: AllocationRecord[] = [];
  const own: Applier["own"] = async (step) => {
    const wanted = step(state);
    if (wanted === null) return false;
    state = wanted.state;
    if (wanted.record !== undefined) records.push(wanted.record);
    return true;
  };
  const tasks: (() => void)[] = [];
  const housekeeping = createHousekeeping({
    own,
    conntrack: { deleteFlows: async () => 0, deleteByDestination: async () => 0 },
    events: { add: () => undefined, newest: () => [] },
    health,
    now: () => 0,
    after: (_ms, task) => tasks.push(task),
  });
  housekeeping.committed(state, state, null);
  tasks[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  const freed = records.map((record) => (record.step === "release-blocks" ? record.bases : []));
  expect(freed.flat()).toEqual(left);
  for (const bases of freed) expect(bases.length).toBeLessThanOrEqual(3);
  expect(retiringBlocks(state.allocation)).toEqual([]);
  expect(renderScript(state.ruleset)).toBe(renderScript(compileAll(state.desired, state.allocation, health)));
});
