import { renameSync, unlinkSync, writeFileSync } from "node:fs";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Sqlite from "better-sqlite3";
import { afterAll, describe, expect, test, vi } from "vitest";
import { openDatabase } from "./database.ts";
import { PrismaClient } from "./generated/client.ts";
import { storageFailure } from "./storage-failure.ts";
import { makeReadOnly, temporaryDatabases } from "./temporary-database.testing.ts";

// opening a database loads a query compiler: slow where the machine is busy
vi.setConfig({ testTimeout: 30_000 });

const databases = temporaryDatabases();
afterAll(() => databases.end());

const change = {
  uuid: "00000000-0000-4000-8000-000000000001",
  actor: { id: "a", name: "A" },
  operations: [],
  text: "",
  at: 1,
};

describe("a broken database is a value with a sentence", () => {
  test("locked by another process: try again; reading goes on", async () => {
    const path = databases.file();
    const database = await databases.open(path);
    const other = new Sqlite(path);
    other.exec("BEGIN IMMEDIATE");
    const refused = await database.changes.begin(change);
    expect(!refused.ok && refused.error).toMatchObject({
      code: "storage",
      retry: true,
      text: expect.stringContaining("locked"),
    });
    expect((await database.farms.list()).ok).toBe(true);
    other.exec("ROLLBACK");
    other.close();
    expect((await database.changes.begin(change)).ok).toBe(true);
  });

  test("missing: named at opening, and at the next use when it vanishes while open", async () => {
    const path = databases.file();
    const database = await databases.open(path);
    renameSync(path, `${path}.away`);
    for (const result of [
      await database.changes.begin(change),
      await database.farms.list(),
      await openDatabase({ url: `file:${path}` }),
    ])
      expect(!result.ok && result.error).toMatchObject({ code: "storage", text: expect.stringContaining("missing") });
    expect(database.isLost()).toBe(true);
    renameSync(`${path}.away`, path);
    expect((await database.changes.begin(change)).ok).toBe(true);
  });

  test("another file under the same name is not written to by an old connection", async () => {
    const path = databases.file();
    const database = await databases.open(path);
    unlinkSync(path);
    renameSync(databases.file(), path);
    const refused = await database.changes.begin(change);
    expect(!refused.ok && refused.error.code).toBe("storage");
  });

  test("read-only: nothing can be saved, reading goes on", async () => {
    const path = databases.file();
    await (await databases.open(path)).close();
    makeReadOnly(path);
    const opened = await openDatabase({ url: `file:${path}` });
    if (!opened.ok) throw new Error(opened.error.text);
    const refused = await opened.value.changes.begin(change);
    expect(!refused.ok && refused.error).toMatchObject({ code: "storage", text: expect.stringContaining("read-only") });
    expect((await opened.value.farms.list()).ok).toBe(true);
    await opened.value.close();
  });

  test("full: nothing can be saved", async () => {
    const path = databases.file();
    const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${path}` }) });
    await client.$queryRawUnsafe("PRAGMA max_page_count=1");
    const fill = async () => {
      for (let count = 0; count < 500; count++)
        await client.verification.create({
          data: { id: `${count}`, identifier: "x", value: "x".repeat(4000), expiresAt: new Date(0) },
        });
    };
    const error: unknown = await fill().then(
      () => null,
      (reason) => reason,
    );
    await client.$disconnect();
    expect(storageFailure(error)).toMatchObject({
      code: "storage",
      retry: true,
      text: expect.stringContaining("full"),
    });
  });

  test("not migrated, and no database at all, are told apart", async () => {
    const empty = databases.file();
    writeFileSync(empty, "");
    const junk = databases.file();
    writeFileSync(junk, "x".repeat(8192));
    const answers = [await openDatabase({ url: `file:${empty}` }), await openDatabase({ url: `file:${junk}` })];
    expect(answers.map((answer) => !answer.ok && answer.error.text)).toEqual([
      "The database has no tables of this version yet: migrate it first",
      "The database file is damaged",
    ]);
  });

  test("never shows Prisma's or SQLite's words to people", () => {
    const failure = storageFailure(new Error("Invalid `prisma.farm.findMany()` invocation in /srv/x.ts"));
    expect(failure.text).not.toContain("prisma");
    expect(failure.detail).toContain("prisma.farm");
  });
});
