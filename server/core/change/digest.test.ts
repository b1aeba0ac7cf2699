import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, createDigester } from "./digest.ts";
import { sampleFarm } from "./sample.testing.ts";

describe("digest", () => {
  test("canonical JSON does not depend on the order of keys and parses back to the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("does not depend on the order of farms, and differs when one weight differs", () => {
    const digest = createDigester((texts) => texts.join(""));
    const a = sampleFarm(1, [{ weight: 1 }]);
    const b = sampleFarm(2, [{}]);
    expect(digest([a, b])).toBe(createDigester((texts) => texts.join(""))([b, a]));
    expect(digest([a, b])).not.toBe(digest([sampleFarm(1, [{ weight: 2 }]), b]));
  });

  test("hashes only what changed", () => {
    const hashed: string[] = [];
    const digest = createDigester((texts) => {
      hashed.push(texts.join(""));
      return String(texts.join("").length);
    });
    const farms = [1, 2, 3].map((number) => sampleFarm(number, [{}]));
    digest(farms);
    hashed.length = 0;
    digest([...farms.slice(1), sampleFarm(1, [{ weight: 3 }])]);
    expect(hashed.length).toBe(2);
  });

  test("is the same on every way to a state: from the one before, from one given up, or at once", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 80 });
    const steps = fc.array(weights, { maxLength: 8 });
    fc.assert(
      fc.property(steps, (states) => {
        const digest = createDigester((texts) => texts.join(""));
        for (const each of states) {
          const farms = each.map((weight, at) => sampleFarm(at + 1, [{ weight }]));
          expect(digest(farms)).toBe(createDigester((texts) => texts.join(""))(farms));
        }
      }),
      { numRuns: 30 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
