import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { farmModulus } from "../core/allocation/allocation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { programmedShares } from "../core/farm/shares.ts";
import { createConditions } from "./conditions.ts";
import { effectiveOf, nothingSeen } from "./effective-memo.ts";
import { planChange } from "./plan.ts";
import { emptyState } from "./replay.ts";
import { createWeightFile, readFactors, withFactors } from "./weight-file.ts";

const dir = mkdtempSync(join(tmpdir(), "sluice-weights-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("moves are gathered, and what is written last is what a start reads", async () => {
  const tasks: { ms: number; task: () => void }[] = [];
  const file = createWeightFile(dir, (ms, task) => void tasks.push({ ms, task }));
  let factors = { farm: { a: 0.5 } };
  file.moved(1, () => factors);
  factors = { farm: { a: 0.4 } };
  file.moved(1, () => factors);
  expect(tasks).toHaveLength(1);
  tasks[0]?.task();
  await vi.waitFor(() => expect(readFactors(dir)).toEqual({ farm: { a: 0.4 } }), { timeout: 20_000 });
  file.moved(5000, () => factors);
  expect(tasks[1]?.ms).toBeGreaterThan(tasks[0]?.ms ?? 0);
  expect(readdirSync(dir)).toEqual(["weights.json"]);
});

test("a file that is torn or not ours says nothing", () => {
  for (const text of ["{", '{"farm":{"a":-1}}', '{"farm":{"a":"1"}}', ""]) {
    writeFileSync(join(dir, "weights.json"), text);
    expect(readFactors(dir)).toEqual({});
    expect(readFileSync(join(dir, "weights.json"), "utf8")).toBe(text);
  }
  expect(readFactors(join(dir, "nowhere"))).toEqual({});
});

test("a start programs the shares that the kernel has, of farms that still measure", () => {
  const backends = [{ address: "10.1.0.1" }, { address: "10.1.0.2" }];
  const [measured, fixed] = (["least-response", "weighted"] as const).map((scheduler, at) =>
    testFarm(at + 1, backends, { scheduler }),
  );
  if (measured === undefined || fixed === undefined) throw new Error("two farms");
  const operations = [measured, fixed].map((farm) => ({ type: "put-farm", base: null, farm }) as const);
  const next = { epoch: 1, n: 1, actor: { id: "a", name: "A" }, at: 1 };
  const plan = planChange(emptyState(0x51), operations, next, nothingSeen);
  if (!plan.ok) throw new Error("no plan");
  const conditions = createConditions();
  const id = (farm: typeof measured) => farm.backends[0]?.id ?? "";
  const gone = { "00000000-0000-4000-8000-000000000000": { b: 0.5 } };
  const factors = { [measured.id]: { [id(measured)]: 0.5 }, [fixed.id]: { [id(fixed)]: 0.5 }, ...gone };
  const state = withFactors(plan.value.state, factors, conditions);
  const share = (farm: typeof measured) =>
    programmedShares(farm, effectiveOf(farm, conditions), farmModulus(state.allocation, farm.id)).get(id(farm));
  expect(share(measured)).toBeCloseTo(100 / 3, 5);
  expect(share(fixed)).toBe(50);
  expect(state.ruleset).not.toBe(plan.value.state.ruleset);
});
