import { expect, test } from "vitest";
import { emptyAllocation } from "../core/allocation/allocation.ts";
import type { FlatRuleset } from "../core/ruleset/model.ts";
import { flatten } from "../core/ruleset/ruleset.ts";
import { driftWords } from "./drift-words.ts";
import { nothingSeen } from "./effective-memo.ts";
import { testFarm } from "./harness.testing.ts";
import { planSeed } from "./plan.ts";
import { emptyState } from "./replay.ts";

const planned = planSeed(
  emptyState(emptyAllocation().tag),
  { farms: [testFarm(1, { name: "shop" }), testFarm(2, { name: "blog" })] },
  { epoch: 1, n: 1, actor: { id: "t", name: "T" }, at: 0 },
  nothingSeen,
);
if (!planned.ok) throw new Error(planned.error.text);
const { state } = planned.value;

function wordsAfter(
  change: (flat: FlatRuleset, put: (object: "slots" | "svc4" | "be4" | "bin" | "ba4") => Map<string, string>) => void,
) {
  const flat = flatten(state.ruleset);
  const elements = new Map(Array.from(flat.elements, ([name, items]) => [name, new Map(items)]));
  const chains = new Map(flat.chains);
  const changed = { ...flat, elements, chains };
  change(changed, (object) => elements.get(object) ?? new Map());
  return driftWords({ flat: changed, fixedChains: [] }, state);
}

test("nothing changed, nothing said", () => {
  expect(wordsAfter(() => undefined)).toEqual({ text: "", farmId: null, lines: [] });
});

test("equal changes of one farm are counted, and its own backends are named", () => {
  const { text, farmId } = wordsAfter((_flat, put) => {
    const slots = put("slots");
    const marks = [...new Set(slots.values())];
    for (const [slot, mark] of slots) if (mark === marks[0]) slots.set(slot, marks[1] ?? "");
  });
  expect(text).toMatch(/^farm shop: 1 slot pointed at web-(1 instead of web-2|2 instead of web-1)$/);
  expect(farmId).toBe(testFarm(1).id);
});

test("a backend of another farm is named with its farm", () => {
  const { text } = wordsAfter((_flat, put) => {
    const slots = put("slots");
    const [first] = slots.keys();
    slots.set(first ?? "", [...slots.values()].at(-1) ?? "");
  });
  expect(text).toMatch(/^farm shop: 1 slot pointed at web-\d of farm blog instead of web-\d$/);
});

test("everything gone is counted, not listed, and belongs to no single farm", () => {
  const { text, farmId, lines } = wordsAfter((_flat, put) => {
    for (const object of ["slots", "svc4", "be4", "ba4", "bin"] as const) put(object).clear();
  });
  expect(text).toMatch(/more differences$/);
  expect(text.length).toBeLessThan(300);
  expect(farmId).toBeNull();
  expect(lines.length).toBeLessThanOrEqual(41);
});

test("an element of nobody is said to be added", () => {
  const { text } = wordsAfter((_flat, put) => void put("svc4").set("10.99.9.9 . tcp . 80", "goto f_99_4"));
  expect(text).toBe("10.99.9.9 tcp 80 added");
});
