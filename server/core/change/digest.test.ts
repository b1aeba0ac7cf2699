import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, createDigester, createStateDigester } from "./digest.ts";
import { FarmMap } from "./farm-map.ts";
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

describe("the digest of a state", () => {
  const sum = (texts: readonly string[]) => texts.join("");
  const farmOf = (number: number, weight: number) => {
    const farm = sampleFarm(number, [{ weight }]);
    return [farm.id, { farm }] as const;
  };

  test("is that of all its farms, whatever was asked before: a change, one given up, a farm more or less", () => {
    const change = fc.record({
      number: fc.integer({ min: 1, max: 70 }),
      weight: fc.option(fc.nat(5), { freq: 12 }),
      isKept: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
        const [digest, whole] = [createStateDigester(sum), createDigester(sum)];
        const lists = new Map();
        let farms = FarmMap.of(new Map(Array.from({ length: 66 }, (_, at) => farmOf(at + 1, 1))));
        for (const { number, weight, isKept } of changes) {
          const [id, farm] = farmOf(number, weight ?? 0);
          const next = farms.with(new Map([[id, weight === null ? null : farm]]));
          expect(digest({ farms: next, lists })).toBe(whole(Array.from(next.values(), ({ farm: each }) => each)));
          if (isKept) farms = next;
        }
      }),
      { numRuns: 10 },
    );
  });

  test("asks nothing of farms that stayed as they were", () => {
    const lists = new Map();
    const first = FarmMap.of(new Map([1, 2, 3].map((number) => farmOf(number, 1))));
    const digest = createStateDigester(sum);
    digest({ farms: first, lists });
    const next = first.with(new Map([farmOf(2, 9)]));
    next.forEach = () => expect.unreachable("all farms were looked through");
    expect(digest({ farms: next, lists })).toContain('"weight":9');
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
