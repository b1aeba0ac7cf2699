import { describe, expect, test } from "vitest";
import { freshness } from "./freshness.ts";

const answering = { state: "answering" } as const;

describe("how far values can be trusted", () => {
  test("nothing has come yet", () => {
    expect(freshness({ valuesAtMs: null, agent: null }, 5000)).toEqual({ state: "connecting", ageS: null });
  });

  test("one late second is still live", () => {
    expect(freshness({ valuesAtMs: 0, agent: answering }, 2900).state).toBe("live");
  });

  test("after three missed seconds values are stale and have an age", () => {
    expect(freshness({ valuesAtMs: 0, agent: answering }, 4200)).toEqual({ state: "stale", ageS: 4 });
  });

  test("an agent that is gone makes fresh values lost at once", () => {
    expect(freshness({ valuesAtMs: 4000, agent: { state: "lost" } }, 4200)).toEqual({ state: "lost", ageS: 0 });
  });

  test("an agent that was never seen is lost without an age", () => {
    expect(freshness({ valuesAtMs: null, agent: { state: "lost" } }, 9000)).toEqual({ state: "lost", ageS: null });
  });
});
