import { expect, test } from "vitest";
import { forgetRetired, releaseBlocks, retiringBlocks } from "../core/allocation/allocation.ts";
import { serializeAllocation } from "../core/allocation/serialize.ts";
import type { Operation } from "../core/change/operation.ts";
import type { Farm } from "../core/farm/types.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { renderScript } from "../core/ruleset/render.ts";
import { createConditions } from "./conditions.ts";
import { nothingSeen } from "./effective-memo.ts";
import { createHistory } from "./history.ts";
import { planChange, recompile, type State } from "./plan.ts";
import { type Intent, type JournalRecord, journalRecordSchema, snapshotSchema } from "./records.ts";
import { emptyState, replay, revisionOf } from "./replay.ts";

const tag = 0x51;
const actor = { id: "a", name: "A" };
const id = (at: number) => `00000000-0000-4000-8000-${at.toString(16).padStart(12, "0")}`;

function farm(number: number, backends: number): Farm {
  const parsed = parseFarm({
    id: id(number * 1000),
    name: `farm-${number}`,
    addresses: [`10.99.0.${number}`],
    protocol: "tcp",
    ports: [80],
    backends: Array.from({ length: backends }, (_, at) => ({
      id: id(number * 1000 + at + 1),
      name: `web-${at}`,
      address: `10.20.${number}.${at + 1}`,
      weight: 10 + at,
    })),
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

function intent(n: number, operations: Operation[]): Intent {
  return { type: "intent", kind: "change", uuid: id(900_000 + n), epoch: 1, n, at: n, actor, peerUid: 0, operations };
}

function outcome(of: Intent, what: "applied" | "refused"): JournalRecord {
  const { uuid, epoch, n, at } = of;
  if (what === "refused")
    return {
      type: "outcome",
      answer: { outcome: "refused", uuid, error: { code: "kernel-refused", text: "no", retry: false } },
    };
  const answer = {
    outcome: "applied",
    uuid,
    epoch,
    n,
    digest: "",
    at,
    sentences: [],
    statements: 1,
    applyMs: 1,
  } as const;
  return { type: "outcome", answer: { ...answer, sentences: [] } };
}

const restored = (records: readonly JournalRecord[]) => ({
  snapshot: null,
  records,
  history: [],
  damage: [],
  lostAt: null,
});
const again = (records: readonly JournalRecord[]) =>
  replay(restored(records), tag, createConditions(), createHistory());

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A life of an agent: changes, and the agent's own steps between them, each recorded as the agent records it. */
function live(steps: number, seed: number): { state: State; records: JournalRecord[] } {
  const next = random(seed);
  const records: JournalRecord[] = [];
  let state = emptyState(tag);
  for (let step = 0; step < steps; step++) {
    const number = 1 + Math.floor(next() * 12);
    const known = state.desired.farms.get(id(number * 1000));
    const base = known?.version ?? null;
    const size = 1 + Math.floor(next() * 40);
    const operation: Operation =
      known !== undefined && next() < 0.2
        ? { type: "remove-farm", base, farmId: known.farm.id }
        : { type: "put-farm", base, farm: farm(number, size) };
    const change = intent(state.desired.n + 1, [operation]);
    const plan = planChange(state, [operation], revisionOf(change), nothingSeen);
    records.push(change, outcome(change, plan.ok ? "applied" : "refused"));
    if (plan.ok) state = plan.value.state;
    if (next() < 0.3) {
      const bases = retiringBlocks(state.allocation).map(({ base: at }) => at);
      if (bases.length > 0) {
        state = recompile(state, releaseBlocks(state.allocation, bases), state.allocation.moved, nothingSeen);
        records.push({ type: "allocation", step: "release-blocks", bases });
      }
      const ids = [...state.allocation.retired].slice(0, 3);
      if (ids.length > 0) {
        state = recompile(state, forgetRetired(state.allocation, ids), [], nothingSeen);
        records.push({ type: "allocation", step: "forget-retired", ids });
      }
    }
  }
  return { state, records };
}

test("a replay arrives at the same farms, ids, slots and rules as the life it repeats", () => {
  for (const seed of [1, 2, 3]) {
    const { state, records } = live(300, seed);
    const onDisk = records.map((record) => journalRecordSchema.parse(JSON.parse(JSON.stringify(record))));
    const { state: repeated, pending, damage } = again(onDisk);
    expect(damage).toEqual([]);
    expect(pending).toBeNull();
    expect(repeated.desired.n).toBe(state.desired.n);
    expect([...repeated.desired.farms]).toEqual([...state.desired.farms]);
    expect(serializeAllocation(repeated.allocation)).toBe(serializeAllocation(state.allocation));
    expect(renderScript(repeated.ruleset)).toBe(renderScript(state.ruleset));
  }
});

test("lists, and the counters of what they turn away, come back with their numbers; what was written before lists is read", () => {
  const list = { id: id(77), name: "office", networks: ["10.0.0.0/8"], notes: "" };
  const user = parseFarm({ ...farm(1, 2), policy: { deny: ["@office"], allow: ["@office"] } });
  if (!user.ok) throw new Error(user.error.text);
  const changes = [
    intent(1, [{ type: "put-list", base: null, list }]),
    intent(2, [{ type: "put-farm", base: null, farm: user.value }]),
    intent(3, [{ type: "put-list", base: 1, list: { ...list, networks: ["10.0.0.0/9"] } }]),
  ];
  const records = changes.flatMap((each) => [each, outcome(each, "applied")]);
  const { state } = again(records);
  const { desired, allocation } = state;
  const entries = { farms: [...desired.farms.values()], lists: [...desired.lists.values()] };
  const head = { segment: 2, epoch: 1, n: 3, digest: "", allocation: serializeAllocation(allocation) };
  const snapshot = snapshotSchema.parse(JSON.parse(JSON.stringify({ ...head, ...entries })));
  const fromSnapshot = replay(
    { snapshot, records: [], history: [], damage: [], lostAt: null },
    tag,
    createConditions(),
    createHistory(),
  );
  expect(fromSnapshot.damage).toEqual([]);
  for (const repeated of [
    again(records.map((each) => journalRecordSchema.parse(JSON.parse(JSON.stringify(each))))),
    fromSnapshot,
  ]) {
    expect([...repeated.state.desired.lists]).toEqual([...desired.lists]);
    expect(renderScript(repeated.state.ruleset)).toBe(renderScript(state.ruleset));
    expect(renderScript(repeated.state.ruleset)).toMatch(/set list_1_4_[^}]*10.0.0.0\/9/);
  }
  const seed = { ...changes[1], kind: "seed", farms: [farm(1, 2)], operations: undefined };
  expect(journalRecordSchema.parse(JSON.parse(JSON.stringify(seed)))).toMatchObject({ kind: "seed", lists: [] });
  expect(snapshotSchema.parse({ ...head, farms: [] }).lists).toEqual([]);
});

test("a journal with a gap is known as incomplete until a seed names all farms", () => {
  const put = (n: number, base: number | null = null) => intent(n, [{ type: "put-farm", base, farm: farm(n, 2) }]);
  const changes = [1, 2, 3].map((n) => put(n)).flatMap((each) => [each, outcome(each, "applied")]);
  const seed: Intent = {
    ...{ type: "intent", kind: "seed", uuid: id(900_009), epoch: 2, n: 9, at: 9, actor, peerUid: 0 },
    ...{ farms: [farm(1, 2)], lists: [] },
  };
  const isIncomplete = (records: readonly JournalRecord[], lostAt: number | null) =>
    replay({ ...restored(records), lostAt }, tag, createConditions(), createHistory()).isIncomplete;
  expect(isIncomplete(changes, null)).toBe(false);
  for (const lostAt of [0, 2, changes.length]) expect(isIncomplete(changes, lostAt)).toBe(true);
  const seeded = [...changes, seed, outcome(seed, "applied")];
  expect([isIncomplete(seeded, 2), isIncomplete(seeded, seeded.length)]).toEqual([false, true]);
  const impossible = intent(4, [{ type: "remove-farm", base: 1, farmId: id(77_000) }]);
  expect(isIncomplete([...changes, impossible, outcome(impossible, "applied")], null)).toBe(true);
});

test("a refused intent leaves nothing, and its number is used again", () => {
  const first = intent(1, [{ type: "put-farm", base: null, farm: farm(1, 2) }]);
  const second = { ...intent(1, [{ type: "put-farm", base: null, farm: farm(2, 2) }]), uuid: id(7) };
  const { state } = again([first, outcome(first, "refused"), second, outcome(second, "applied")]);
  expect([...state.desired.farms.keys()]).toEqual([farm(2, 2).id]);
  expect(state.desired.n).toBe(1);
});

test("the last intent without an outcome is handed back, to be applied again", () => {
  const first = intent(1, [{ type: "put-farm", base: null, farm: farm(1, 2) }]);
  const { state, pending } = again([first]);
  expect(pending).toEqual(first);
  expect(state.desired.n).toBe(0);
});

test("an earlier intent without an outcome was accepted when the next has a higher number, else not", () => {
  const first = intent(1, [{ type: "put-farm", base: null, farm: farm(1, 2) }]);
  const second = intent(2, [{ type: "put-farm", base: null, farm: farm(2, 2) }]);
  expect(again([first, second, outcome(second, "applied")]).state.desired.farms.size).toBe(2);
  const other = { ...second, n: 1 };
  expect(again([first, other, outcome(other, "applied")]).state.desired.farms.size).toBe(1);
});

test("the journal of the epoch is history: answers by uuid, entries after n", () => {
  const history = createHistory();
  const changes = [1, 2, 3].map((n) => intent(n, [{ type: "put-farm", base: null, farm: farm(n, 1) }]));
  replay(restored(changes.flatMap((each) => [each, outcome(each, "applied")])), tag, createConditions(), history);
  expect(history.after(1, 1).map(({ n }) => n)).toEqual([2, 3]);
  expect(history.after(2, 0)).toEqual([]);
  expect(history.answer(changes[0]?.uuid ?? "")).toMatchObject({ outcome: "applied", n: 1 });
});
