import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fail, ok } from "../core/result.ts";
import { Prisma } from "./generated/client.ts";
import { Rollback } from "./storage-failure.ts";
import { openStore, type Store } from "./store.ts";
import { temporaryDatabases } from "./temporary-database.testing.ts";

// opening a database loads a query compiler: slow where the machine is busy
vi.setConfig({ testTimeout: 30_000 });

const databases = temporaryDatabases();
const path = databases.file();
let store: Store;
beforeAll(async () => {
  const opened = await openStore(`file:${path}`, "local");
  if (!opened.ok) throw new Error(opened.error.text);
  store = opened.value;
});
afterAll(async () => {
  await store.close();
  await databases.end();
});

const lockout = (key: string) => ({ key, failures: 1, lastAt: new Date(0) });
const keys = () =>
  store.read(async (reader) => ok((await reader.lockout.findMany({ orderBy: { key: "asc" } })).map(({ key }) => key)));

describe("transactions", () => {
  test("a write asked for during another one that is undone is kept, and reads never see what is not committed", async () => {
    const refused = fail("conflict", "no").error;
    let seen: unknown = null;
    let during: Promise<unknown> | null = null;
    const undone = await store.write(async (tx) => {
      await tx.lockout.create({ data: lockout("undone") });
      during = store.write(async (other) => {
        await other.lockout.create({ data: lockout("kept") });
        return ok(null);
      });
      seen = await keys();
      throw new Rollback(refused);
    });
    await during;
    expect(undone).toEqual({ ok: false, error: refused });
    expect(seen).toEqual(ok([]));
    expect(await keys()).toEqual(ok(["kept"]));
  });

  test("better-auth's statements wait for the transaction before them", async () => {
    const client = store.authClient as { lockout: { create(args: { data: object }): PromiseLike<unknown> } };
    let during: PromiseLike<unknown> | null = null;
    await store.write(async (tx) => {
      await tx.lockout.create({ data: lockout("undone too") });
      // Prisma starts a statement only when somebody waits for it
      during = client.lockout.create({ data: lockout("by auth") }).then(() => null);
      throw new Rollback(fail("conflict", "no").error);
    });
    await during;
    expect(await keys()).toEqual(ok(["by auth", "kept"]));
  });

  test("a failed write does not stop the next one", async () => {
    const failed = await store.write(async (tx) => ok(await tx.lockout.create({ data: lockout("kept") })));
    expect(!failed.ok && failed.error.code).toBe("storage");
    expect((await store.write(async () => ok(null))).ok).toBe(true);
  });

  test("plain statements are undone together, wait for the transaction before them, and are not seen before their end", async () => {
    const insert = (key: string) =>
      Prisma.sql`INSERT INTO "Lockout" ("key", "failures", "lastAt") VALUES (${key}, 1, ${new Date(0)})`;
    const before = await keys();
    let seen: unknown = null;
    let during: Promise<unknown> | null = null;
    const undone = await store.note(async ({ run, rows }) => {
      await run(insert("plain undone"));
      during = store.write(async (tx) => ok(await tx.lockout.create({ data: lockout("after plain") })));
      seen = await keys();
      expect(await rows(Prisma.sql`SELECT "key" FROM "Lockout" WHERE "key" = ${"plain undone"}`)).toHaveLength(1);
      throw new Rollback(fail("conflict", "no").error);
    });
    await during;
    expect(!undone.ok && undone.error.code).toBe("conflict");
    expect(seen).toEqual(before);
    expect(await keys()).toEqual(ok(["after plain", "by auth", "kept"]));
  });

  test("what is jotted is seen at once, undone by what throws, and waits for the transaction before it", async () => {
    const insert = (key: string) =>
      Prisma.sql`INSERT INTO "Lockout" ("key", "failures", "lastAt") VALUES (${key}, 1, ${new Date(0)})`;
    let during: Promise<unknown> | null = null;
    await store.note(async ({ run }) => {
      await run(insert("noted"));
      during = store.jot(async (jotting) => ok(await jotting.run(insert("jotted"))));
      return ok(null);
    });
    await during;
    const undone = await store.jot(async ({ run }) => {
      await run(insert("jotted and undone"));
      throw new Rollback(fail("conflict", "no").error);
    });
    expect(undone.ok).toBe(false);
    expect(await keys()).toEqual(ok(["after plain", "by auth", "jotted", "kept", "noted"]));
  });

  test("a copy shows one moment, however long it is read", async () => {
    const count = Prisma.sql`SELECT count(*) FROM "Lockout"`;
    const counts = await store.copy(async ({ rows }) => {
      const first = await rows(count);
      await store.write(async (tx) => ok(await tx.lockout.create({ data: lockout("while copying") })));
      return ok([first, await rows(count)]);
    });
    expect(counts.ok && counts.value[0]).toEqual(counts.ok && counts.value[1]);
    expect((await keys()).ok && JSON.stringify(await keys())).toContain("while copying");
  });
});

test("the log is brought into the file after thousands of pages, not after those of fifty changes", async () => {
  const pages = (count: number) => "x".repeat(count * 4096);
  const name = (text: string) =>
    store.note(async ({ run }) => ok(await run(Prisma.sql`UPDATE "Balancer" SET "name" = ${text}`)));
  const before = statSync(path).size;
  await name(pages(1500));
  expect(statSync(path).size).toBe(before);
  await name(pages(4100));
  expect(statSync(path).size).toBeGreaterThan(before + 4000 * 4096);
  await name("local");
});

test("a table or column that is not there yet is told as a missing migration, by plain statements too", async () => {
  const text = "The database has no tables of this version yet: migrate it first";
  for (const query of [
    Prisma.sql`SELECT "id" FROM "NoSuchTable"`,
    Prisma.sql`SELECT "noSuch"."column" FROM "Balancer"`,
  ]) {
    const looked = await store.look(async ({ rows }) => ok(await rows(query)));
    expect(looked).toMatchObject({ ok: false, error: { code: "storage", text } });
  }
});
