import Sqlite from "better-sqlite3";
import { afterAll, describe, expect, test, vi } from "vitest";
import { sampleFarm, uuid } from "../core/change/sample.testing.ts";
import type { Result } from "../core/result.ts";
import type { NewEvent } from "./repositories.ts";
import { temporaryDatabases } from "./temporary-database.testing.ts";

// opening a database loads a query compiler: slow where the machine is busy
vi.setConfig({ testTimeout: 30_000 });

const databases = temporaryDatabases();
afterAll(() => databases.end());

const ann = { id: "ann", name: "Ann" };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.text} ${result.error.detail ?? ""}`);
  return result.value;
}

describe("changes", () => {
  test("a change is applying until its outcome is known; a refused one keeps its operations", async () => {
    const { changes } = await databases.open();
    const operations = [{ type: "put-farm" as const, base: null, farm: sampleFarm(1, [{}]) }];
    value(await changes.begin({ uuid: uuid(1), actor: ann, operations, text: "asked", at: 5 }));
    expect(value(await changes.applying())).toEqual([
      { uuid: uuid(1), state: "applying", at: 5, by: "Ann", actor: ann, text: "asked", operations },
    ]);
    value(await changes.refuse(uuid(1), "taken"));
    expect(value(await changes.applying())).toEqual([]);
    expect(value(await changes.list({ farmId: uuid(1), limit: 5 }))).toMatchObject([
      { state: "refused", text: "taken", operations },
    ]);
    expect(value(await changes.list({ farmId: uuid(2), limit: 5 }))).toEqual([]);
    expect(value(await changes.stateOf(uuid(9)))).toBeNull();
    value(await changes.discard(uuid(1)));
    expect(value(await changes.list({ limit: 5 }))).toEqual([]);
  });

  test("a late refusal does not take back an applied change", async () => {
    const { changes, farms } = await databases.open();
    const operations = [{ type: "put-farm" as const, base: null, farm: sampleFarm(1, [{}]) }];
    value(await changes.begin({ uuid: uuid(1), actor: ann, operations, text: "", at: 5 }));
    value(
      await farms.accept({
        epoch: 1,
        n: 1,
        uuid: uuid(1),
        actor: ann,
        peerUid: null,
        at: 6,
        digest: "",
        operations,
        sentences: [],
      }),
    );
    value(await changes.refuse(uuid(1), "late"));
    expect(value(await changes.stateOf(uuid(1)))).toBe("applied");
  });
});

describe("events", () => {
  const event = (seq: number | null, farmId: string | null = null): NewEvent => ({
    bootId: seq === null ? null : "boot",
    seq,
    at: 1000,
    kind: "health",
    farmId,
    backendId: null,
    text: `event ${seq}`,
    by: null,
  });

  test("an event seen twice is stored once, newest first, with its farm's name", async () => {
    const { events, farms } = await databases.open();
    const farm = sampleFarm(1, [{}]);
    const start = { epoch: 1, n: 0, uuid: uuid(1), actor: ann, at: 0, digest: "", sentences: [] };
    value(await farms.importState({ ...start, farms: [{ farm, version: 0 }] }));
    value(await events.append([event(1, farm.id), event(2), event(2)]));
    value(await events.append([event(2), event(3), event(null), event(null)]));
    const listed = value(await events.list({ limit: 10 }));
    expect(listed.map(({ text }) => text)).toEqual(["event null", "event null", "event 3", "event 2", "event 1"]);
    expect(listed.at(-1)).toMatchObject({ farmName: "farm-1", at: 1000, kind: "health" });
    const older = value(await events.list({ limit: 10, before: listed[2]?.id ?? "" }));
    expect(older.map(({ text }) => text)).toEqual(["event 2", "event 1"]);
    expect(value(await events.list({ farmId: farm.id, limit: 10 })).length).toBe(1);
  });

  test("every part of a query must fit: kind, who (nobody is the agent), time, and what is never shown", async () => {
    const { events } = await databases.open();
    value(
      await events.append([
        { ...event(1), at: 1000, kind: "drift" },
        { ...event(2), at: 2000, kind: "change", by: "Ann" },
        { ...event(3), at: 3000, kind: "sign-in", by: "Ann" },
        { ...event(4), at: 4000, kind: "change", by: "Bob" },
      ]),
    );
    const texts = async (query: Parameters<typeof events.list>[0]) =>
      value(await events.list(query)).map(({ text }) => text);
    const limit = 10;
    expect(await texts({ limit, kind: "change" })).toEqual(["event 4", "event 2"]);
    expect(await texts({ limit, by: null })).toEqual(["event 1"]);
    expect(await texts({ limit, text: "ent 1" })).toEqual(["event 1"]);
    expect(await texts({ limit, by: "Ann", withoutKinds: ["sign-in", "people"] })).toEqual(["event 2"]);
    expect(await texts({ limit, kind: "sign-in", withoutKinds: ["sign-in", "people"] })).toEqual([]);
    expect(await texts({ limit, fromMs: 2000, toMs: 3000 })).toEqual(["event 3", "event 2"]);
  });

  test("prune keeps the newest", async () => {
    const { events } = await databases.open();
    value(await events.append([1, 2, 3, 4, 5].map((seq) => event(seq))));
    expect(value(await events.prune(2))).toBe(3);
    expect(value(await events.prune(2))).toBe(0);
    expect(value(await events.list({ limit: 9 })).map(({ text }) => text)).toEqual(["event 5", "event 4"]);
  });
});

describe("people", () => {
  test("there is always an administrator, and a new role ends the person's sessions", async () => {
    const path = databases.file();
    const { people } = await databases.open(path);
    const sqlite = new Sqlite(path);
    const insert = sqlite.prepare(
      "INSERT INTO User (id, name, email, username, role, updatedAt) VALUES (?, ?, ?, ?, ?, '2026-01-01T00:00:00.000Z')",
    );
    for (const [id, role] of [
      ["ann", "admin"],
      ["bob", "viewer"],
    ])
      insert.run(id, id, `${id}@x`, id, role);
    sqlite.exec(
      "INSERT INTO Session (id, expiresAt, token, updatedAt, userId) VALUES ('s', '2030-01-01T00:00:00.000Z', 't', '2026-01-01T00:00:00.000Z', 'bob')",
    );
    expect(value(await people.count())).toEqual({ people: 2, admins: 1 });
    for (const refused of [await people.setRole("ann", "viewer"), await people.remove("ann")])
      expect(!refused.ok && refused.error.text).toContain("last administrator");
    value(await people.setRole("bob", "admin"));
    expect(sqlite.prepare("SELECT count(*) AS n FROM Session").get()).toEqual({ n: 0 });
    value(await people.remove("ann"));
    expect(value(await people.list())).toMatchObject([{ id: "bob", username: "bob", role: "admin" }]);
    const gone = await people.setRole("ann", "viewer");
    expect(!gone.ok && gone.error.code).toBe("not-found");
    sqlite.close();
  });
});

test("lockout counters are kept, replaced, removed and pruned by age", async () => {
  const { lockouts } = await databases.open();
  value(await lockouts.put("a", { failures: 1, lastAt: 1000, lockedUntil: null }));
  value(await lockouts.put("a", { failures: 2, lastAt: 2000, lockedUntil: 9000 }));
  value(await lockouts.put("b", { failures: 1, lastAt: 1000, lockedUntil: null }));
  expect(value(await lockouts.get("a"))).toEqual({ failures: 2, lastAt: 2000, lockedUntil: 9000 });
  value(await lockouts.prune(1500));
  expect(value(await lockouts.get("b"))).toBeNull();
  value(await lockouts.remove("a"));
  expect(value(await lockouts.get("a"))).toBeNull();
});

test("a session is found by its token with its person, and those that ended are removed", async () => {
  const path = databases.file();
  const { sessions } = await databases.open(path);
  const sqlite = new Sqlite(path);
  const at = new Date(0).toISOString();
  const user = sqlite.prepare(
    `INSERT INTO "User" ("id", "name", "email", "createdAt", "updatedAt", "role") VALUES (?, ?, ?, ?, ?, ?)`,
  );
  user.run("ada", "Ada", "a@sluice.invalid", at, at, "operator");
  const session = sqlite.prepare(
    `INSERT INTO "Session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId") VALUES (?, ?, ?, ?, ?, ?)`,
  );
  session.run("1", new Date(5000).toISOString(), "old", at, at, "ada");
  session.run("2", new Date(9000).toISOString(), "new", at, at, "ada");
  sqlite.close();
  expect(value(await sessions.find("new"))).toEqual({ userId: "ada", name: "Ada", role: "operator", expiresAt: 9000 });
  expect(value(await sessions.find("' OR 1=1 --"))).toBeNull();
  expect(value(await sessions.prune(7000))).toBe(1);
  expect(value(await sessions.find("old"))).toBeNull();
  expect(value(await sessions.find("new"))).not.toBeNull();
});
