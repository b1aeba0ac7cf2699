import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import { applyOperations, type Desired, emptyDesired } from "../core/change/apply-operations.ts";
import type { Operation } from "../core/change/operation.ts";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import type { Farm } from "../core/farm/types.ts";
import type { Result } from "../core/result.ts";
import type { OpenDatabase } from "./database.ts";
import type { AcceptedRevision } from "./repositories.ts";
import { temporaryDatabases } from "./temporary-database.testing.ts";

// opening a database loads a query compiler: slow where the machine is busy
vi.setConfig({ testTimeout: 30_000 });

const databases = temporaryDatabases();
afterAll(() => databases.end());

const ann = { id: "ann", name: "Ann" };
const revision = (n: number, operations: readonly Operation[], epoch = 1): AcceptedRevision => ({
  epoch,
  n,
  uuid: uuid(epoch * 100_000 + n),
  actor: ann,
  peerUid: null,
  at: 1_700_000_000_000 + n,
  digest: `digest ${n}`,
  operations,
  sentences: [`sentence ${n}`],
});
const put = (farm: Farm, base: number | null = null): Operation => ({ type: "put-farm", base, farm });
const weigh = (farm: number, base: number, weights: Record<string, number>): Operation => ({
  type: "set-weights",
  base,
  farmId: uuid(farm),
  weights,
});

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.text} ${result.error.detail ?? ""}`);
  return result.value;
}

const farm1 = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const farm2 = sampleFarm(2, [{ weight: 10 }]);

describe("accept", () => {
  test("writes farm, backends, revision, position and change together", async () => {
    const path = databases.file();
    const database = await databases.open(path);
    const first = revision(1, [put(farm1), put(farm2)]);
    value(
      await database.changes.begin({ uuid: first.uuid, actor: ann, operations: first.operations, text: "new", at: 5 }),
    );
    expect(value(await database.farms.accept(first))).toBe("accepted");
    expect(value(await database.farms.list())).toEqual([
      { farm: farm1, version: 1 },
      { farm: farm2, version: 1 },
    ]);
    expect(value(await database.farms.position())).toEqual({ epoch: 1, n: 1, digest: "digest 1" });
    expect(value(await database.changes.stateOf(first.uuid))).toBe("applied");
    expect(value(await database.revisions.get(1, 1))).toEqual({ ...first, farmIds: [uuid(1), uuid(2)] });
    const second = revision(2, [weigh(1, 1, { [backendId(1, 1)]: 70 })]);
    value(await database.farms.accept(second));
    expect(value(await database.farms.get(uuid(1)))).toMatchObject({
      version: 2,
      farm: { backends: [{ weight: 100 }, { weight: 70 }] },
    });
    expect(value(await database.farms.get(uuid(2))).version).toBe(1);
    expect(backendRows(path, uuid(1))).toEqual([
      { name: "web-1", weight: 100 },
      { name: "web-2", weight: 70 },
    ]);
  });

  test("is idempotent", async () => {
    const database = await databases.open();
    value(await database.farms.accept(revision(1, [put(farm1)])));
    expect(value(await database.farms.accept(revision(1, [put(farm1)])))).toBe("already");
    expect(value(await database.revisions.list({ limit: 9 })).length).toBe(1);
  });

  test("refuses a revision that does not follow, and another one under a known number", async () => {
    const database = await databases.open();
    value(await database.farms.accept(revision(1, [put(farm1)])));
    const gap = await database.farms.accept(revision(3, [put(farm2)]));
    expect(!gap.ok && gap.error.code).toBe("conflict");
    const other = await database.farms.accept({ ...revision(1, [put(farm2)]), uuid: uuid(77) });
    expect(!other.ok && other.error.code).toBe("conflict");
    expect(value(await database.farms.list()).length).toBe(1);
  });

  test("that cannot be replayed changes nothing at all", async () => {
    const database = await databases.open();
    value(await database.farms.accept(revision(1, [put(farm1)])));
    const wrong = revision(2, [put(farm2), weigh(1, 1, { [uuid(999)]: 1 })]);
    const refused = await database.farms.accept(wrong);
    expect(!refused.ok && refused.error.code).toBe("conflict");
    expect(value(await database.farms.position()).n).toBe(1);
    expect(value(await database.farms.list()).length).toBe(1);
  });

  test("a cut is a revision of its farm that changes no version", async () => {
    const database = await databases.open();
    const drained = {
      ...farm1,
      backends: farm1.backends.map((backend) => ({ ...backend, adminState: "drain" as const })),
    };
    value(await database.farms.accept(revision(1, [put(drained)])));
    value(
      await database.farms.accept(revision(2, [{ type: "cut", base: 1, farmId: uuid(1), backendId: backendId(1, 0) }])),
    );
    expect(value(await database.farms.get(uuid(1))).version).toBe(1);
    expect(value(await database.revisions.list({ farmId: uuid(1), limit: 9 })).map(({ n }) => n)).toEqual([2, 1]);
  });

  test("two farms may swap names in one revision", async () => {
    const database = await databases.open();
    value(await database.farms.accept(revision(1, [put(farm1), put(farm2)])));
    value(
      await database.farms.accept(
        revision(2, [put({ ...farm1, name: "farm-2" }, 1), put({ ...farm2, name: "farm-1" }, 1)]),
      ),
    );
    expect(value(await database.farms.list()).map(({ farm }) => farm.id)).toEqual([uuid(2), uuid(1)]);
  });
});

describe("the rows always equal what core makes of the operations", () => {
  const step = fc.record({
    farm: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("put", "remove", "weights", "state", "enabled"),
    backends: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 }),
  });

  test("after any sequence of changes, and every state of every farm can be read back from the history", async () => {
    const path = databases.file();
    const database = await databases.open(path);
    let epoch = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        epoch++;
        const start = { epoch, n: 0, uuid: uuid(epoch), actor: ann, at: 0, digest: "", sentences: [], farms: [] };
        value(await database.farms.importState(start));
        const states: Desired[] = [{ ...emptyDesired(), epoch }];
        for (const each of steps) {
          const here = states.at(-1) ?? emptyDesired();
          const operation = operationOf(each, here);
          const next = applyOperations(here, [operation], { epoch, n: here.n + 1, actor: ann, at: 0 });
          if (!next.ok) continue;
          states.push(next.value.desired);
          value(await database.farms.accept(revision(here.n + 1, [operation], epoch)));
        }
        const last = states.at(-1) ?? emptyDesired();
        const stored = new Map(value(await database.farms.list()).map((each) => [each.farm.id, each]));
        expect(stored.size).toBe(last.farms.size);
        for (const [id, { farm, version }] of last.farms) {
          expect(stored.get(id)).toEqual({ farm, version });
          const columns = farm.backends.map(({ name, weight }) => ({ name, weight }));
          expect(backendRows(path, id)).toEqual(columns);
        }
        for (let n = 1; n < states.length; n++) {
          for (const id of [1, 2, 3].map(uuid)) {
            const around = value(await database.revisions.farmAround(epoch, n, id));
            expect(around.before).toEqual(states[n - 1]?.farms.get(id)?.farm ?? null);
            expect(around.after).toEqual(states[n]?.farms.get(id)?.farm ?? null);
          }
        }
        const places = states.flatMap((_, n) => [1, 2, 3].map((farm) => ({ epoch, n, farmId: uuid(farm) }))).reverse();
        const after = places.map(({ n, farmId }) => states[n]?.farms.get(farmId)?.farm ?? null);
        expect(value(await database.revisions.farmsAfter(places))).toEqual(after);
      }),
      { numRuns: 12 },
    );
  });

  function operationOf(
    { farm, kind, backends }: { farm: number; kind: string; backends: number[] },
    here: Desired,
  ): Operation {
    const farmId = uuid(farm);
    const known = here.farms.get(farmId) ?? null;
    const base = known?.version ?? null;
    const weights = Object.fromEntries((known?.farm.backends ?? []).map(({ id }, at) => [id, backends[at] ?? 7]));
    const states = Object.fromEntries((known?.farm.backends ?? []).slice(0, 1).map(({ id }) => [id, "drain" as const]));
    if (kind === "remove") return { type: "remove-farm", base, farmId };
    if (kind === "weights") return { type: "set-weights", base, farmId, weights };
    if (kind === "state") return { type: "set-admin-state", base, farmId, states };
    if (kind === "enabled") return { type: "set-enabled", base, farmId, enabled: backends.length > 1 };
    return put(
      sampleFarm(
        farm,
        backends.map((weight) => ({ weight })),
      ),
      base,
    );
  }
});

test("lists follow their operations, and each state of a list is read back from the history, over full copies too", async () => {
  const database = await databases.open(databases.file(), { after: atOnce });
  const list = (number: number, size: number) => ({
    id: uuid(number),
    name: `list-${number}`,
    networks: Array.from({ length: size }, (_, at) => `10.0.${at * 2}.0/24`),
    notes: "",
  });
  const states = [new Map<string, ReturnType<typeof list>>()];
  for (let n = 1; n <= 205; n++) {
    const here = new Map(states.at(-1));
    const number = 1 + (n % 3);
    const known = here.get(uuid(number));
    const next = n % 7 === 0 && known !== undefined ? null : list(number, n % 5);
    if (next === null) here.delete(uuid(number));
    else here.set(uuid(number), next);
    const operation: Operation =
      next === null
        ? { type: "remove-list", base: n - 3, listId: uuid(number) }
        : { type: "put-list", base: null, list: next };
    value(await database.farms.accept(revision(n, [operation])));
    states.push(here);
  }
  const last = [...(states.at(-1) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const stored = value(await database.farms.lists());
  expect(stored.map((each) => each.list)).toEqual(last.map(([, each]) => each));
  const [first] = stored;
  expect(value(await database.farms.getList(first?.list.id ?? ""))).toEqual(first);
  expect(await database.farms.getList(uuid(9))).toMatchObject({ error: { code: "not-found" } });
  for (const n of [1, 2, 14, 99, 100, 101, 150, 201, 205]) {
    for (const id of [1, 2, 3].map(uuid)) {
      const [before, after] = [states[n - 1]?.get(id) ?? null, states[n]?.get(id) ?? null];
      expect(value(await database.revisions.listAround(1, n, id))).toEqual({ before, after });
    }
  }
});

/** a full copy does not wait until nothing changes any more */
const atOnce = (_ms: number, task: () => void) => {
  task();
  return () => undefined;
};

test("every 100th revision keeps a full copy, and history is replayed from it", async () => {
  const path = databases.file();
  const database = await databases.open(path, { after: atOnce });
  value(await database.farms.accept(revision(1, [put(farm1)])));
  for (let n = 2; n <= 103; n++)
    value(await database.farms.accept(revision(n, [weigh(1, n - 1, { [backendId(1, 0)]: n })])));
  const sqlite = new Sqlite(path, { readonly: true });
  expect(sqlite.prepare("SELECT n FROM Snapshot").all()).toEqual([{ n: 100 }]);
  sqlite.close();
  const around = value(await database.revisions.farmAround(1, 102, uuid(1)));
  expect([around.before?.backends[0]?.weight, around.after?.backends[0]?.weight]).toEqual([101, 102]);
  const early = value(await database.revisions.farmAround(1, 50, uuid(1)));
  expect([early.before?.backends[0]?.weight, early.after?.backends[0]?.weight]).toEqual([49, 50]);
});

test("a copy made in several parts has every farm as it is", async () => {
  const path = databases.file();
  const database = await databases.open(path, { after: atOnce });
  const farms = Array.from({ length: 130 }, (_, at) => sampleFarm(at + 1, [{ weight: at + 1 }]));
  value(
    await database.farms.accept(
      revision(
        1,
        farms.map((farm) => put(farm)),
      ),
    ),
  );
  for (let n = 2; n <= 100; n++)
    value(await database.farms.accept(revision(n, [weigh(n, 1, { [backendId(n, 0)]: 900 })])));
  const sqlite = new Sqlite(path, { readonly: true });
  await vi.waitUntil(() => sqlite.prepare("SELECT n FROM Snapshot").get() !== undefined, { timeout: 10_000 });
  const { farms: text } = sqlite.prepare("SELECT farms FROM Snapshot WHERE n = 100").get() as { farms: string };
  sqlite.close();
  const byId = (list: { farm: Farm }[]) => list.toSorted((a, b) => (a.farm.id < b.farm.id ? -1 : 1));
  expect(byId(JSON.parse(text))).toEqual(byId(value(await database.farms.list())));
});

test("a revision's line in the log is written with it, once", async () => {
  const database = await databases.open();
  const line = { bootId: "revision-1", seq: 1, at: 5, kind: "change", text: "t", by: "Ann" } as const;
  const event = { ...line, farmId: uuid(1), backendId: null };
  value(await database.farms.accept(revision(1, [put(farm1)]), event));
  value(await database.farms.accept(revision(1, [put(farm1)]), event));
  const refused = await database.farms.accept(revision(3, [put(farm2)]), { ...event, seq: 3 });
  expect(refused.ok).toBe(false);
  const events = value(await database.events.list({ limit: 9 }));
  expect(events.map(({ farmName, text, by }) => ({ farmName, text, by }))).toEqual([
    { farmName: farm1.name, text: "t", by: "Ann" },
  ]);
});

test("an import replaces all farms, and a revision that it covers is already there", async () => {
  const database = await databases.open();
  value(await database.farms.accept(revision(1, [put(farm1)])));
  const uuid7 = uuid(7);
  const state = {
    epoch: 3,
    n: 40,
    uuid: uuid7,
    actor: ann,
    at: 9,
    digest: "d",
    sentences: ["Taken over"],
    farms: [{ farm: farm2, version: 12 }],
  };
  const place = { bootId: "revision-3", seq: 40, farmId: null, backendId: null };
  value(await database.farms.importState(state, { ...place, at: 9, kind: "change", text: "Taken over", by: "Ann" }));
  const line = { at: 9, kind: "change", farmName: null, text: "Taken over", by: "Ann" };
  expect(value(await database.events.list({ limit: 1 }))).toMatchObject([line]);
  expect(value(await database.farms.list())).toEqual([{ farm: farm2, version: 12 }]);
  expect(value(await database.farms.position())).toEqual({ epoch: 3, n: 40, digest: "d" });
  expect(value(await database.farms.accept(revision(40, [put(farm1)], 3)))).toBe("already");
  const old = await database.farms.accept(revision(2, [weigh(1, 1, {})], 1));
  expect(!old.ok && old.error.code).toBe("conflict");
  const before = await database.revisions.farmAround(3, 40, uuid(2));
  expect(!before.ok && before.error.code).toBe("not-found");
});

test("history is paged newest first and filtered by farm", async () => {
  const database = await databases.open();
  value(await database.farms.accept(revision(1, [put(farm1), put(farm2)])));
  for (let n = 2; n <= 5; n++) value(await database.farms.accept(revision(n, [weigh(n % 2 === 0 ? 1 : 2, 1, {})])));
  const numbers = async (query: Parameters<OpenDatabase["revisions"]["list"]>[0]) =>
    value(await database.revisions.list(query)).map(({ n }) => n);
  expect(await numbers({ limit: 2 })).toEqual([5, 4]);
  expect(await numbers({ limit: 9, before: { epoch: 1, n: 4 } })).toEqual([3, 2, 1]);
  expect(await numbers({ limit: 9, farmId: uuid(1) })).toEqual([4, 2, 1]);
});

function backendRows(path: string, farmId: string): unknown[] {
  const sqlite = new Sqlite(path, { readonly: true });
  const rows = sqlite.prepare("SELECT name, weight FROM Backend WHERE farmId = ? ORDER BY position").all(farmId);
  sqlite.close();
  return rows;
}
