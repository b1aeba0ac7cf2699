import { expect, test } from "vitest";
import { type Condition, unmeasured } from "../health/condition.ts";
import { effective } from "./effective.ts";
import { testFarm } from "./farm-fixture.ts";
import { postsOf } from "./posts.ts";
import type { Farm } from "./types.ts";

function posts(farm: Farm, ...conditions: Partial<Condition>[]) {
  const known = new Map(
    farm.backends.map(({ id }, at) => [id, { ...unmeasured, health: "up" as const, ...conditions[at] }]),
  );
  return postsOf(farm, effective(farm, known), known);
}

const four = testFarm(
  1,
  Array.from({ length: 4 }, (_, at) => ({ address: `10.1.1.${at + 1}` })),
);

test("who serves well, or fails, is in no count", () => {
  expect(posts(four)).toEqual({});
  expect(posts(four, { health: "down" }, { out: "ejected" })).toEqual({});
});

test("who serves unknown or degraded is counted apart from who serves well, beside others that fail", () => {
  expect(posts(four, { health: "unknown" }, { health: "degraded" }, { health: "down" }, { health: "unknown" })).toEqual(
    { unsure: 2, shaky: 1 },
  );
});

test("who does not serve though nothing says that it fails is aside: a window, its own wish, a quorum not met", () => {
  expect(posts(four, { out: "window" }, { factor: 0 })).toEqual({ aside: 2 });
  const asking = { ...four, failover: { ...four.failover, quorum: 3 } };
  expect(posts(asking, { health: "down" }, { health: "down" })).toEqual({ aside: 2 });
});

test("who waits for a lower tier waits; decisions and weight 0 are nobody's counts, and a stopped farm has none", () => {
  const tiers = { ...four, backends: four.backends.map((each, at) => ({ ...each, tier: at === 3 ? 1 : 0 })) };
  expect(posts(tiers)).toEqual({ waiting: 1 });
  const decided = {
    ...four,
    backends: four.backends.map((each, at) =>
      at === 0 ? { ...each, adminState: "drain" as const } : at === 1 ? { ...each, weight: 0 } : each,
    ),
  };
  expect(posts(decided, { health: "unknown" }, { health: "unknown" })).toEqual({});
  expect(posts({ ...four, enabled: false }, { health: "unknown" })).toEqual({});
});
