import { describe, expect, it } from "vitest";
import { farmA, farmB } from "./sample.testing.ts";
import { parseScope } from "./scope.ts";

describe("scope of a stream", () => {
  it("names the overview, farms, or both; order and repeats make no difference", () => {
    const one = parseScope(`overview,farm:${farmB},farm:${farmA}`);
    const two = parseScope(`farm:${farmA},farms,farm:${farmA},farm:${farmB}`);
    expect(one.ok && two.ok && one.value.key).toBe(two.ok ? two.value.key : "");
    expect(one.ok && one.value.overview && [...one.value.farmIds]).toEqual([farmA, farmB]);
  });

  it("with the backends of all farms is another one than without", () => {
    const [watching, plain] = [parseScope("overview,monitor"), parseScope("overview")];
    expect(watching.ok && watching.value.monitor).toBe(true);
    expect(plain.ok && plain.value.monitor).toBe(false);
    expect(watching.ok && plain.ok && watching.value.key !== plain.value.key).toBe(true);
  });

  it("anything else is refused", () => {
    const many = Array.from({ length: 65 }, (_, index) => `farm:${farmA.slice(0, -2)}${10 + index}`).join(",");
    for (const text of [
      "farm:",
      "farm:1",
      "all",
      `farm:${farmA} `,
      `farm:${farmA.toUpperCase()}`,
      "x".repeat(5000),
      many,
    ])
      expect(parseScope(text).ok).toBe(false);
  });
});
