import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { deploy } from "./deploy.mjs";

const root = mkdtempSync(join(tmpdir(), "sluice-deploy-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder = "";
let url = "";
let count = 0;

beforeEach(() => {
  const home = join(root, String(++count));
  folder = join(home, "prisma");
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "migrations"), join(folder, "migrations"), { recursive: true });
  cpSync(join(import.meta.dirname, "schema.prisma"), join(folder, "schema.prisma"));
  url = `file:${join(home, "data", "sluice.db")}`;
});

const file = () => url.slice("file:".length);
const tables = () => {
  const sqlite = new Sqlite(file(), { readonly: true });
  const names = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  sqlite.close();
  return names;
};
const copies = () => readdirSync(join(file(), "..")).filter((name) => name.includes(".before-"));

function addMigration(name: string, sql: string): void {
  mkdirSync(join(folder, "migrations", name));
  writeFileSync(join(folder, "migrations", name, "migration.sql"), sql);
}

describe("deploy", () => {
  test("makes a new database that only its owner can read, and does nothing the second time", async () => {
    const committed = readdirSync(join(folder, "migrations"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(await deploy(url, folder, 0)).toEqual(committed.map(({ name }) => name).sort());
    expect(tables()).toContain("Farm");
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await deploy(url, folder, 0)).toEqual([]);
    expect(copies()).toEqual([]);
  });

  test("copies a database before it changes it, and keeps the three newest copies", async () => {
    await deploy(url, folder, 0);
    for (let step = 1; step <= 5; step++) {
      addMigration(`29990101_${step}`, `CREATE TABLE "T${step}" (id INTEGER PRIMARY KEY);`);
      expect(await deploy(url, folder, step * 1000)).toEqual([`29990101_${step}`]);
    }
    expect(copies().sort()).toEqual([3, 4, 5].map((second) => `sluice.db.before-1970-01-01T00-00-0${second}-000Z`));
    expect(tables()).toContain("T5");
  });

  test("a migration that fails half way leaves the database as it was", async () => {
    await deploy(url, folder, 0);
    const sqlite = new Sqlite(file());
    sqlite.exec("INSERT INTO Balancer (id, name) VALUES ('local', 'kept')");
    sqlite.close();
    addMigration("29990101_bad", 'CREATE TABLE "Half" (id INTEGER PRIMARY KEY); INSERT INTO "Nothing" VALUES (1);');
    await expect(deploy(url, folder, 1000)).rejects.toThrow(/put back as it was/);
    expect(tables()).not.toContain("Half");
    const after = new Sqlite(file(), { readonly: true });
    expect(after.prepare("SELECT name FROM Balancer").pluck().all()).toEqual(["kept"]);
    after.close();
  });

  test("refuses a database that a newer version wrote", async () => {
    addMigration("29990101_newer", 'CREATE TABLE "Newer" (id INTEGER PRIMARY KEY);');
    await deploy(url, folder, 0);
    rmSync(join(folder, "migrations", "29990101_newer"), { recursive: true });
    await expect(deploy(url, folder, 0)).rejects.toThrow(/newer version/);
  });
});

test("the committed migrations make exactly schema.prisma", { timeout: 30_000 }, () => {
  const said = execFileSync(process.execPath, [join(import.meta.dirname, "check-drift.mjs")], { encoding: "utf8" });
  expect(said).toContain("agree");
});
