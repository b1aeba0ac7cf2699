import { expect, test } from "vitest";
import type { Ruleset } from "../core/ruleset/model.ts";
import { createApplier } from "./applier.ts";
import { nothingSeen } from "./effective-memo.ts";
import { createHistory } from "./history.ts";
import type { Kernel } from "./kernel.ts";
import type { Intent, JournalRecord } from "./records.ts";
import { emptyState } from "./replay.ts";
import { createTurnQueue } from "./turn-queue.ts";

const pending: Intent = {
  type: "intent",
  kind: "seed",
  uuid: "00000000-0000-4000-8000-000000000001",
  epoch: 2,
  n: 7,
  at: 1,
  actor: { id: "a", name: "A" },
  peerUid: 0,
  farms: [],
  lists: [],
};

/** A kernel that takes only the rulesets that `takes` names. */
function setUp(takes: (ruleset: Ruleset) => boolean, disk: () => Promise<void> = async () => undefined) {
  const initial = emptyState(0x51);
  let running: Ruleset | null = null;
  const written: JournalRecord[] = [];
  const told: string[] = [];
  const load = (ruleset: Ruleset): boolean => {
    if (takes(ruleset)) running = ruleset;
    return takes(ruleset);
  };
  const refusal = { status: "refused", code: "kernel-refused", text: "no", detail: "no" } as const;
  const kernel: Pick<Kernel, "change" | "heal" | "check" | "isAt"> = {
    change: async (to) => (load(to) ? { status: "applied", statements: 1, wasRepaired: false } : refusal),
    heal: async (to) => (load(to) ? { status: "in-sync" } : { status: "failed", text: "no" }),
    check: async () => ({ script: "", statements: 0, check: null }),
    isAt: (ruleset) => running === ruleset,
  };
  const write = (record: JournalRecord) => {
    written.push(record);
    return disk();
  };
  const applier = createApplier(initial, {
    kernel,
    store: { append: write, write },
    queue: createTurnQueue(),
    history: createHistory(),
    events: { add: ({ text }) => void told.push(text) },
    conditions: nothingSeen,
    digestOf: ({ desired }) => `digest ${desired.n}`,
    now: () => 0,
    monotonicMs: () => 0,
    onHealed: () => undefined,
    onCommit: () => undefined,
    onStep: () => undefined,
    isUnclaimed: false,
  });
  return { applier, initial, written, told };
}

const outcomesOf = (records: readonly JournalRecord[]) =>
  records.map((record) => (record.type === "outcome" ? record.answer.outcome : record.type));

test("an intent without outcome stays accepted when the kernel takes nothing at all at the start", async () => {
  const { applier, written } = setUp(() => false);
  await applier.begin(pending);
  expect(applier.state().desired).toMatchObject({ epoch: 2, n: 7 });
  expect([outcomesOf(written), applier.sync()]).toEqual([["applied"], "drift"]);
});

test("it is refused when the kernel takes the state before it and not this one", async () => {
  const takes: Ruleset[] = [];
  const { applier, initial, written } = setUp((ruleset) => takes.includes(ruleset));
  takes.push(initial.ruleset);
  await applier.begin(pending);
  expect(applier.state()).toBe(initial);
  expect(outcomesOf(written)).toEqual(["refused"]);
});

test("that the rules cannot be put right is told once, however often it is tried", async () => {
  let isBroken = false;
  const { applier, told } = setUp(() => !isBroken);
  await applier.begin(pending);
  isBroken = true;
  for (let tries = 0; tries < 5; tries++) await applier.heal("The rules of this host were emptied", true);
  expect(told).toEqual(["The rules of this host were emptied; putting it right failed"]);
  isBroken = false;
  await applier.heal("The rules of this host were emptied", true);
  isBroken = true;
  await applier.heal("The rules of this host were emptied", true);
  expect(told).toHaveLength(2);
});

test("a disk that is busy or full does not hold up what follows from checks", async () => {
  for (const disk of [() => new Promise<void>(() => undefined), () => Promise.reject(new Error("full"))]) {
    const { applier, written } = setUp(() => true, disk);
    const note = { type: "conditions", farms: {} } as const;
    const own = () => applier.own((state) => ({ state: { ...state }, note }), "urgent");
    expect([await own(), await own(), written.length]).toEqual([true, true, 2]);
  }
});
