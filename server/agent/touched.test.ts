import { expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { flatten } from "../core/ruleset/ruleset.ts";
import { built } from "../core/ruleset/ruleset-fixture.ts";
import type { ElementProof } from "./element-proof.ts";
import { createTouched } from "./touched.ts";

const { ruleset } = built([testFarm(1), testFarm(2)]);
const slots = [...(flatten(ruleset).elements.get("slots") ?? [])];

function world(answer: (asked: number) => ReturnType<ElementProof>) {
  const asked: (readonly [string, number])[] = [];
  const listed: string[] = [];
  const touched = createTouched({
    proof: (object, elements) => {
      asked.push([object, elements.length]);
      return answer(asked.length);
    },
    listing: {
      elements: async (_, object) => {
        listed.push(object);
        return flatten(ruleset).elements.get("slots") ?? null;
      },
    },
    pause: () => Promise.resolve(),
  });
  return { touched, asked, listed };
}

test("what was written is asked for by its keys, once, and nothing else is", async () => {
  const { touched, asked, listed } = world(() => "same");
  touched.note([
    { type: "delete-elements", object: "slots", keys: ["0xd1000000"] },
    { type: "add-elements", object: "slots", elements: slots },
  ]);
  expect([await touched.match(ruleset, () => true), await touched.match(ruleset, () => true)]).toEqual([true, true]);
  expect([asked, listed]).toEqual([[["slots", slots.length]], []]);
});

test("what the kernel does not say by its keys is listed, and an object of a farm that is gone is not looked at", async () => {
  const { touched, asked, listed } = world(() => "unknown");
  touched.note([
    { type: "add-elements", object: "slots", elements: slots },
    { type: "add-elements", object: "sm_9_4_0000", elements: [["1", "2"]] },
  ]);
  expect([await touched.match(ruleset, () => true), asked.length, listed]).toEqual([true, 1, ["slots"]]);
});

test("an element that is not as it was written is found, and what a change overtook is looked at again", async () => {
  const { touched, asked } = world((times) => (times === 1 ? "same" : "differ"));
  const many = Array.from({ length: 200 }, (_, at) => [`0xd10000${(at + 16).toString(16)}`, "0x51000001"] as const);
  touched.note([{ type: "add-elements", object: "slots", elements: many }]);
  let isAt = true;
  const overtaken = touched.match(ruleset, () => isAt);
  isAt = false;
  expect(await overtaken).toBeNull();
  isAt = true;
  expect(await touched.match(ruleset, () => isAt)).toBe(false);
  expect(asked).toEqual([
    ["slots", 128],
    ["slots", 128],
  ]);
});

test("of objects that were filled ahead all is asked for, a farm after the other, and what was overtaken goes on where it was", async () => {
  let isAt = true;
  const { touched, asked, listed } = world((times) => {
    isAt = times !== 3;
    return "same";
  });
  const count = (object: "bin" | "bout") => flatten(ruleset).elements.get(object)?.size ?? 0;
  touched.noteAhead(["bin", "bout"]);
  expect(await touched.match(ruleset, () => isAt)).toBeNull();
  isAt = true;
  expect([await touched.match(ruleset, () => isAt), await touched.match(ruleset, () => isAt)]).toEqual([true, true]);
  const sum = (object: string) => asked.filter(([each]) => each === object).reduce((all, [, keys]) => all + keys, 0);
  expect([sum("bin"), sum("bout"), asked.length, listed]).toEqual([count("bin"), count("bout"), 4, []]);
});

test("what was filled ahead and is not there is found; a whole listing that was right ends the asking", async () => {
  const { touched, asked } = world(() => "differ");
  touched.noteAhead(["slots"]);
  expect(await touched.match(ruleset, () => true)).toBe(false);
  touched.forget();
  expect([await touched.match(ruleset, () => true), asked.length]).toEqual([true, 1]);
});
