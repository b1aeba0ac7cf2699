import { expect, test } from "vitest";
import { createDrift } from "./drift.ts";
import type { HealOutcome } from "./kernel-words.ts";
import { emptyState } from "./replay.ts";

const state = { ...emptyState(0x51), desired: { ...emptyState(0x51).desired, n: 1 } };

function setUp(kernel: {
  touched: boolean | null;
  matches: boolean | null;
  sees: boolean | null;
  needs?: boolean;
  refuses?: boolean;
  heals?: HealOutcome;
  /** somebody wrote, whatever the kernel side made of it since */
  others?: boolean;
  /** what a listing takes */
  costMs?: number;
}) {
  let nowMs = 0;
  const healed: [string, boolean][] = [];
  let looks = 0;
  let listings = 0;
  let told = 0;
  const drift = createDrift({
    applier: {
      state: () => state,
      isBusy: () => false,
      sync: () => "in-sync",
      heal: (reason, isGone = false) => {
        healed.push([reason, isGone]);
        if (kernel.refuses) return Promise.resolve({ status: "failed", text: "no" });
        kernel.touched = false;
        kernel.sees = true;
        return Promise.resolve(kernel.heals ?? { status: "in-sync" });
      },
    },
    kernel: {
      wasTouched: () => kernel.touched,
      needsListing: () => kernel.needs === true,
      matches: () => {
        listings += 1;
        nowMs += kernel.costMs ?? 0;
        return Promise.resolve(kernel.matches);
      },
      touchedMatch: () => {
        looks += 1;
        return Promise.resolve(true);
      },
    },
    writers: { take: () => false, others: () => kernel.others === true, settle: () => undefined },
    onForeign: () => {
      told += 1;
      kernel.others = false;
    },
    atRest: () => undefined,
    seesTable: () => Promise.resolve(kernel.sees),
    now: () => nowMs,
  });
  return {
    drift,
    healed,
    listings: () => listings,
    looks: () => looks,
    told: () => told,
    pass: async (ms: number) => {
      for (let at = 0; at < ms; at += 100) {
        nowMs += 100;
        await drift.tick();
      }
    },
  };
}

test("as long as nobody writes nothing is listed", async () => {
  const { pass, healed, listings } = setUp({ touched: false, matches: true, sees: true });
  await pass(60_000);
  expect([healed, listings()]).toEqual([[], 0]);
});

test("a write of somebody else is told once, also when the rules are ours again by now", async () => {
  const { pass, told } = setUp({ touched: false, matches: true, sees: true, others: true });
  await pass(5000);
  expect(told()).toBe(1);
});

test("a table that is gone is put back within half a second, without a listing", async () => {
  const { pass, healed, listings } = setUp({ touched: true, matches: null, sees: false });
  await pass(500);
  expect(healed).toEqual([["The rules of this host were emptied", true]]);
  expect(listings()).toBe(0);
});

test("a foreign write is compared at a bounded pace, and healed only when it touched us", async () => {
  const noise = setUp({ touched: true, matches: true, sees: true });
  await noise.pass(10_000);
  expect(noise.healed).toEqual([]);
  expect(noise.listings()).toBeLessThanOrEqual(40);
  const edit = setUp({ touched: true, matches: false, sees: true });
  await edit.pass(1500);
  expect(edit.healed).toEqual([["The rules were changed from outside", false]]);
});

test("who writes again a moment later is found as soon as before; who writes all the time costs a tenth of it", async () => {
  const again = { touched: true, matches: false, sees: true, costMs: 300 };
  const hand = setUp(again);
  for (let edits = 1; edits <= 3; edits++) {
    again.touched = true;
    await hand.pass(1000);
    expect(hand.healed).toHaveLength(edits);
  }
  const noise = setUp({ touched: true, matches: true, sees: true, costMs: 300 });
  await noise.pass(200_000);
  expect(noise.listings() * 300).toBeLessThan(0.12 * 200_000);
});

test("somebody who writes all the time cannot keep the comparison from ever ending", async () => {
  const { pass, healed } = setUp({ touched: true, matches: null, sees: true });
  await pass(10_000);
  expect(healed).toHaveLength(1);
});

test("without the generation the table is looked for each second and compared now and then", async () => {
  const blind = setUp({ touched: null, matches: true, sees: true });
  await blind.pass(60_000);
  expect(blind.listings()).toBeGreaterThanOrEqual(3);
  expect(blind.listings()).toBeLessThanOrEqual(5);
});

test("a kernel that takes nothing is asked less and less, and at once again after it took something", async () => {
  const broken = { touched: true, matches: null, sees: false, refuses: true };
  const { pass, healed } = setUp(broken);
  await pass(60_000);
  expect(healed.length).toBeGreaterThanOrEqual(8);
  expect(healed.length).toBeLessThanOrEqual(14);
  broken.refuses = false;
  await pass(11_000);
  Object.assign(broken, { touched: true, sees: false });
  const before = healed.length;
  await pass(300);
  expect(healed.length).toBe(before + 1);
});

test("what we changed is looked at when things are quiet, and where they never are, every few minutes", async () => {
  const { drift, pass, looks } = setUp({ touched: false, matches: true, sees: true });
  drift.changed();
  await pass(5000);
  expect(looks()).toBe(1);
  for (let second = 0; second < 900; second++) {
    drift.changed();
    await pass(500);
  }
  expect(looks() - 1).toBe(1);
});

test("between two rounds of weights that move each second things are not quiet", async () => {
  const { drift, pass, looks } = setUp({ touched: false, matches: true, sees: true });
  for (let round = 0; round < 60; round++) {
    drift.changed();
    await pass(1200);
  }
  expect(looks()).toBe(0);
  await pass(2000);
  expect(looks()).toBe(1);
});

test("what was put right is looked at too, once things are quiet", async () => {
  const heals = { status: "healed", what: "all", statements: 1, found: null } as const;
  const { pass, healed, looks } = setUp({ touched: true, matches: null, sees: false, heals });
  await pass(5000);
  expect([healed.length, looks()]).toEqual([1, 1]);
});
