import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import type { LiveEvent } from "../core/metrics/live.ts";
import { type DrainRecord, readDrains, writeDrains } from "./drain-file.ts";
import { createDrains } from "./drains.ts";
import { nothingSeen } from "./effective-memo.ts";
import { createEvents } from "./events.ts";
import { planChange, type State } from "./plan.ts";
import { emptyState } from "./replay.ts";

const startMs = 1_000_000;
const farmWith = (adminState: string, more: Readonly<Record<string, unknown>> = {}) =>
  testFarm(1, [{ address: "198.51.100.10", adminState }, { address: "198.51.100.11" }], more);
const id = farmWith("drain").backends[0]?.id ?? "";

function stateOf(farm: Farm): State {
  const operation = { type: "put-farm", base: null, farm } as const;
  const next = { epoch: 1, n: 1, actor: null, at: startMs };
  const plan = planChange(emptyState(0x51), [operation], { ...next, actor: { id: "a", name: "A" } }, nothingSeen);
  if (!plan.ok) throw new Error(plan.error.text);
  return plan.value.state;
}

/** Lives of the agent one after another, with one disk; time is moved by hand. */
function world(farm: Farm) {
  const state = stateOf(farm);
  const markId = [...(state.allocation.farms.get(farm.id)?.ids.values() ?? [])][0] ?? 0;
  const told: LiveEvent[] = [];
  const cuts: string[] = [];
  const clock = { wallMs: startMs, steadyMs: 0 };
  let disk: ReadonlyMap<string, DrainRecord> = new Map();
  const begin = () =>
    createDrains({
      recorded: disk,
      record: (records) => {
        disk = records;
      },
      events: createEvents(
        () => clock.wallMs,
        (event) => told.push(event),
      ),
      cut: ({ name }, why) => cuts.push(`${why}: ${name}`),
      now: () => clock.wallMs,
      monotonicMs: () => clock.steadyMs,
    });
  const pass = (seconds: number) => {
    clock.wallMs += seconds * 1000;
    clock.steadyMs += seconds * 1000;
  };
  const dump = (left: number) => {
    const active = new Map([[markId, left]]);
    return { atMs: clock.wallMs, durationMs: 1, active, unanswered: new Map(), carried: new Set<number>() };
  };
  return { state, begin, pass, dump, clock, told, cuts };
}

describe("drains", () => {
  test("say what is left, how fast it falls, when it should end, and when the rest is cut", () => {
    const { state, begin, pass, dump } = world(farmWith("drain", { drainDeadlineS: 600 }));
    const drains = begin();
    drains.round(state, dump(40));
    expect(drains.of(id)).toMatchObject({ sinceMs: startMs, left: 40, perS: null, endsAtMs: null });
    pass(10);
    drains.round(state, dump(20));
    expect(drains.of(id)).toEqual({
      sinceMs: startMs,
      left: 20,
      perS: 2,
      endsAtMs: startMs + 20_000,
      deadlineMs: startMs + 600_000,
    });
  });

  test("empty is told once, also over a restart, and not by a reading of before the drain", () => {
    const { state, begin, pass, dump, told } = world(farmWith("drain"));
    const drains = begin();
    drains.round(state, dump(0));
    expect(told).toEqual([]);
    pass(75);
    drains.round(state, dump(0));
    drains.round(state, dump(0));
    begin().round(state, dump(0));
    expect(told.map(({ kind, text }) => [kind, text])).toEqual([
      ["empty", "b-1 of farm-1 is empty: no open connection left, 1 min 15 s after its drain began"],
    ]);
  });

  test("at the deadline what is left is cut once, and says why", () => {
    const { state, begin, pass, dump, cuts } = world(farmWith("drain", { drainDeadlineS: 60 }));
    begin().round(state, dump(3));
    pass(59);
    begin().round(state, dump(3));
    expect(cuts).toEqual([]);
    pass(1);
    const drains = begin();
    drains.round(state, dump(3));
    drains.round(state, dump(3));
    begin().round(state, dump(1));
    expect(cuts).toEqual(["The deadline of its drain passed (1 min): b-1"]);
  });

  test("an empty backend is not cut, one whose connections cannot be counted is", () => {
    const [empty, blind] = [
      world(farmWith("drain", { drainDeadlineS: 60 })),
      world(farmWith("drain", { drainDeadlineS: 60 })),
    ];
    empty.pass(70);
    empty.begin().round(empty.state, empty.dump(0));
    blind.pass(70);
    blind.begin().round(blind.state, null);
    expect([empty.cuts.length, blind.cuts.length]).toEqual([0, 1]);
  });

  test("a clock that jumps brings no deadline nearer", () => {
    const { state, begin, pass, dump, clock, cuts } = world(farmWith("drain", { drainDeadlineS: 60 }));
    const drains = begin();
    drains.round(state, dump(3));
    clock.wallMs += 86_400_000;
    drains.round(state, dump(3));
    expect([cuts.length, drains.of(id)?.sinceMs]).toEqual([0, startMs + 86_400_000]);
    pass(61);
    drains.round(state, dump(3));
    expect(cuts).toHaveLength(1);
  });

  test("a backend that takes connections again is forgotten, and its next drain is a new one", () => {
    const { state, begin, pass, dump, told } = world(farmWith("drain"));
    const drains = begin();
    pass(5);
    drains.round(state, dump(0));
    drains.round(stateOf(farmWith("active")), dump(4));
    pass(10);
    expect(drains.of(id)).toBeUndefined();
    drains.round(state, dump(0));
    expect(told).toHaveLength(2);
  });

  test("of farms without tracking nothing is counted and nothing told", () => {
    const { state, begin, pass, dump, told } = world(
      farmWith("drain", { forwarding: "stateless", scheduler: "source-hash" }),
    );
    const drains = begin();
    pass(5);
    drains.round(state, dump(0));
    expect([drains.of(id)?.left, told]).toEqual([null, []]);
  });
});

test("the file of the drains comes back as it was; a damaged one is as none", () => {
  const dir = mkdtempSync(join(tmpdir(), "sluice-drains-"));
  const drains = new Map([[id, { sinceMs: 5, isEmptyTold: true, isCut: false }]]);
  expect(readDrains(dir)).toEqual(new Map());
  writeDrains(dir, drains);
  expect(readDrains(dir)).toEqual(drains);
  writeFileSync(join(dir, "drains.json"), '{"x":');
  expect(readDrains(dir)).toEqual(new Map());
  rmSync(dir, { recursive: true });
});
