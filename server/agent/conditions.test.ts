import { expect, test } from "vitest";
import { farmModulus } from "../core/allocation/allocation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { renderScript } from "../core/ruleset/render.ts";
import type { Applier, OwnStep } from "./applier.ts";
import { type ConditionBook, createConditions } from "./conditions.ts";
import { effectiveOf, nothingSeen } from "./effective-memo.ts";
import { createHistory } from "./history.ts";
import { planChange, type State } from "./plan.ts";
import type { JournalRecord } from "./records.ts";
import { emptyState, replay } from "./replay.ts";
import { createTurnQueue } from "./turn-queue.ts";

const actor = { id: "a", name: "A" };
const farms = [1, 2].map((number) =>
  testFarm(
    number,
    [1, 2, 3].map((host) => ({ address: `10.1.${number}.${host}` })),
    { addresses: [`10.9.0.${number}`] },
  ),
);
const [shop, blog] = farms;
if (shop === undefined || blog === undefined) throw new Error("two farms");
const [first = "", second = ""] = shop.backends.map(({ id }) => id);

function seeded(): State {
  return changedBy(emptyState(0x51), farms);
}

function changedBy(before: State, added: readonly Farm[]): State {
  const operations = added.map((farm) => ({ type: "put-farm", base: null, farm }) as const);
  const plan = planChange(before, operations, { epoch: 1, n: 1, actor, at: 1 }, nothingSeen);
  if (!plan.ok) throw new Error(plan.error.text);
  return plan.value.state;
}

function world(takes: (wanted: State) => boolean = () => true, onTaken?: (isTaken: boolean) => void) {
  let state = seeded();
  const steps: OwnStep[] = [];
  const priorities: string[] = [];
  const own: Applier["own"] = async (step, priority = "own") => {
    await Promise.resolve();
    priorities.push(priority);
    const wanted = step(state);
    if (wanted === null || !takes(wanted.state)) return false;
    steps.push(wanted);
    state = wanted.state;
    return true;
  };
  const conditions = createConditions((error) => {
    throw error;
  }, onTaken);
  conditions.use(own);
  return { conditions, steps, priorities, state: () => state };
}

const slotsOf = (state: State, farmId: string) => farmModulus(state.allocation, farmId)[4];
const down = (conditions: ConditionBook, id = first) => conditions.set("checks", shop.id, id, { health: "down" });

test("what many sources write before the turn begins goes into one transaction, of the farms that changed", async () => {
  const { conditions, steps, priorities, state } = world();
  const before = state().ruleset.fragments.get(blog.id);
  down(conditions);
  const turns = [conditions.settleAtOnce([shop.id]), conditions.settleAtOnce([shop.id])];
  conditions.set("windows", shop.id, second, { out: "window" });
  await Promise.all(turns);
  expect([steps.length, priorities]).toEqual([1, ["urgent"]]);
  expect(effectiveOf(shop, conditions).backends.map(({ weight }) => weight)).toEqual([0, 0, 100]);
  expect(renderScript(state().ruleset)).not.toBe(renderScript(seeded().ruleset));
  expect(state().ruleset.fragments.get(blog.id)).toBe(before);
});

test("what is written while a turn is under way goes into the next one, at once", async () => {
  let state = seeded();
  const ends: (() => void)[] = [];
  const conditions = createConditions();
  conditions.use(async (step) => {
    const wanted = step(state);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (wanted !== null) state = wanted.state;
    return wanted !== null;
  });
  down(conditions);
  const turns = [conditions.settleAtOnce([shop.id])];
  down(conditions, second);
  turns.push(conditions.settleAtOnce([shop.id]));
  expect(ends).toHaveLength(2);
  for (const end of ends) end();
  await Promise.all(turns);
});

test("what is urgent takes its own farm along; what was written of others waits for the second's round", async () => {
  const { conditions, priorities, state } = world();
  const before = state().ruleset.fragments.get(blog.id);
  down(conditions);
  conditions.set("slow-start", blog.id, blog.backends[0]?.id ?? "", { factor: 0.5 });
  await conditions.settleAtOnce([shop.id]);
  expect([priorities, state().ruleset.fragments.get(blog.id) === before]).toEqual([["urgent"], true]);
  await conditions.settle();
  expect([priorities, state().ruleset.fragments.get(blog.id) === before]).toEqual([["urgent", "own"], false]);
});

test("many backends go in several transactions, and who is urgent comes in between", async () => {
  const many = Array.from({ length: 30 }, (_, at) =>
    testFarm(
      at + 1,
      Array.from({ length: 100 }, (__, host) => ({ address: `10.1.${at}.${host + 1}` })),
      { addresses: [`10.9.0.${at + 1}`] },
    ),
  );
  let state = changedBy(emptyState(0x51), many);
  const queue = createTurnQueue();
  const turns: string[][] = [];
  const conditions = createConditions();
  conditions.use((step, priority = "own") =>
    queue.run(priority, async () => {
      const before = state;
      state = step(state)?.state ?? state;
      const changed = many.filter(({ id }) => before.ruleset.fragments.get(id) !== state.ruleset.fragments.get(id));
      turns.push([priority, ...changed.map(({ name }) => name)]);
      // the last farm fails while the first of them are under way
      const last = many.at(-1);
      if (turns.length === 1 && last !== undefined) {
        conditions.set("checks", last.id, last.backends[0]?.id ?? "", { health: "down" });
        void conditions.settleAtOnce([last.id]);
      }
      await Promise.resolve();
      return before !== state;
    }),
  );
  for (const farm of many) conditions.set("slow-start", farm.id, farm.backends[0]?.id ?? "", { factor: 0.5 });
  expect(await conditions.settle()).toBe(true);
  const names = many.map(({ name }) => name);
  expect(turns).toEqual([
    ["own", ...names.slice(0, 10)],
    ["urgent", ...names.slice(29)],
    ["own", ...names.slice(10, 20)],
    ["own", ...names.slice(20, 29)],
  ]);
});

test("a farm that the kernel does not take holds up no other, and people are told once", async () => {
  const told: boolean[] = [];
  let isRefusing = true;
  const isShop = (wanted: State) => wanted.ruleset.fragments.get(shop.id) !== shopBefore;
  const { conditions, steps, state } = world(
    (wanted) => !isRefusing || !isShop(wanted),
    (isTaken) => void told.push(isTaken),
  );
  const shopBefore = state().ruleset.fragments.get(shop.id);
  down(conditions);
  await conditions.settleAtOnce([shop.id]);
  conditions.set("slow-start", blog.id, blog.backends[0]?.id ?? "", { factor: 0.5 });
  await conditions.settleAtOnce([blog.id]);
  expect([steps.length, told]).toEqual([1, [false]]);
  isRefusing = false;
  await conditions.settle();
  expect([steps.length, told]).toEqual([2, [false, true]]);
});

test("settling ends only when the kernel has what was written before, whoever took it there, and says whether it has", async () => {
  const ends: ((isDone: boolean) => void)[] = [];
  const conditions = createConditions();
  conditions.use(async (step) => {
    step(seeded());
    return new Promise<boolean>((resolve) => ends.push(resolve));
  });
  const order: string[] = [];
  down(conditions);
  const first = conditions.settleAtOnce([shop.id]).then(() => order.push("taken there"));
  const second = conditions.settle().then((has) => order.push(`joined: ${has}`));
  await Promise.resolve();
  expect(order).toEqual([]);
  ends[0]?.(true);
  await Promise.all([first, second]);
  expect(order.sort()).toEqual(["joined: true", "taken there"]);
  down(conditions, "another");
  const refused = conditions.settle();
  ends[1]?.(false);
  expect(await refused).toBe(false);
});

test("what is said of a farm that was removed meanwhile leaves nothing behind", async () => {
  const { conditions } = world();
  conditions.set("checks", "gone", "backend", null);
  conditions.set("outliers", "gone", "backend", { out: "ejected" });
  await conditions.settle();
  expect(conditions.record()).toEqual({});
});

test("a map that was given out never changes; the next one is another object", () => {
  const { conditions } = world();
  const before = conditions.of(shop.id);
  down(conditions);
  expect([before.size, conditions.of(shop.id).get(first)?.health]).toEqual([0, "down"]);
  expect(conditions.of(shop.id)).toBe(conditions.of(shop.id));
});

test("factors multiply, a window is stronger than an ejection, and what is taken back is as never said", () => {
  const { conditions } = world();
  conditions.set("slow-start", shop.id, first, { factor: 0.5 });
  conditions.set("dynamic", shop.id, first, { factor: 0.5 });
  conditions.set("outliers", shop.id, first, { out: "ejected" });
  conditions.set("windows", shop.id, first, { out: "window" });
  expect(conditions.of(shop.id).get(first)).toEqual({ health: "unknown", out: "window", factor: 0.25 });
  conditions.set("windows", shop.id, first, null);
  expect(conditions.of(shop.id).get(first)?.out).toBe("ejected");
  for (const source of ["slow-start", "dynamic", "outliers"] as const) conditions.set(source, shop.id, first, null);
  expect(conditions.of(shop.id).size).toBe(0);
});

test("results that change no weight reach no kernel, and are still written down for a restart", async () => {
  const { conditions, steps, state } = world();
  const { ruleset } = state();
  conditions.set("checks", shop.id, first, { health: "up" });
  await conditions.settle();
  expect(steps.map(({ state: { ruleset: next }, note }) => [next === ruleset, note?.type])).toEqual([
    [true, "conditions"],
  ]);
  conditions.set("checks", shop.id, first, { health: "up" });
  await conditions.settle();
  expect(steps).toHaveLength(1);
});

test("while a factor moves, only slots move: their number and the rule stay, and no farm's journal grows", async () => {
  const { conditions, steps, state } = world();
  const numbers = new Set<number>();
  const texts = new Set<string>();
  for (const factor of [0.1, 0.27, 0.4, 0.83, 0.99]) {
    conditions.set("slow-start", shop.id, first, { factor });
    await conditions.settle();
    numbers.add(slotsOf(state(), shop.id));
    texts.add(renderScript(state().ruleset));
  }
  expect([[...numbers], texts.size]).toEqual([[120], 5]);
  expect(steps.filter(({ note }) => note !== undefined)).toHaveLength(1);
  conditions.set("slow-start", shop.id, first, null);
  await conditions.settle();
  expect(slotsOf(state(), shop.id)).toBe(120);
});

test("what the kernel did not take is tried again, also the note for a restart, and people are told once", async () => {
  let takes = false;
  const told: boolean[] = [];
  const { conditions, steps } = world(
    () => takes,
    (isTaken) => void told.push(isTaken),
  );
  down(conditions);
  await conditions.settleAtOnce([shop.id]);
  await conditions.settle();
  expect([steps.length, told]).toEqual([0, [false]]);
  takes = true;
  await conditions.settle();
  expect(told).toEqual([false, true]);
  expect(steps.map(({ note }) => Object.keys(note?.farms ?? {}))).toEqual([[shop.id]]);
});

test("a restart begins with the health that was known, and with the same slots and rules", async () => {
  const { conditions, steps, state } = world();
  down(conditions);
  await conditions.settleAtOnce([shop.id]);
  conditions.set("slow-start", shop.id, second, { factor: 0.3 });
  await conditions.settle();
  const notes = steps.flatMap(({ note }): JournalRecord[] => (note === undefined ? [] : [note]));
  // a farm that a later record removed, or a note that was written beside its removal
  notes.push({ type: "conditions", farms: { gone: { backend: { checks: { health: "down" } } } } });
  const again = createConditions();
  const operations = farms.map((farm) => ({ type: "put-farm", base: null, farm }) as const);
  const head = { uuid: "00000000-0000-4000-8000-000000000001", epoch: 1, n: 1, at: 1, actor, peerUid: 0 };
  const records: JournalRecord[] = [
    { type: "intent", kind: "change", ...head, operations },
    { type: "outcome", answer: { outcome: "applied", ...head, digest: "", sentences: [], statements: 1, applyMs: 1 } },
    ...JSON.parse(JSON.stringify(notes)),
  ];
  const { state: restored, damage } = replay(
    { snapshot: null, records, history: [], damage: [], lostAt: null },
    0x51,
    again,
    createHistory(),
  );
  expect([damage, Object.keys(again.record())]).toEqual([[], [shop.id]]);
  expect(renderScript(restored.ruleset)).toBe(renderScript(state().ruleset));
  expect([again.of(shop.id), again.said("slow-start", shop.id, second)]).toEqual([
    conditions.of(shop.id),
    { factor: 0.3 },
  ]);
});
