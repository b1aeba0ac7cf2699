// `prisma migrate deploy` without the CLI: same engine, same _prisma_migrations table.
//   node prisma/deploy.mjs file:/path/sluice.db      (or DATABASE_URL)
// Makes the file when it is missing (0600). A database that holds something is copied first (VACUUM INTO, beside it, the three newest
// copies stay): SQLite does not undo a migration that fails half way, so then the copy is put back.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";

const copiesKept = 3;

/** Names of the migrations that were applied now. `folder` holds schema.prisma and migrations/. */
export async function deploy(url, folder, nowMs) {
  const file = resolve(url.replace(/^file:/, ""));
  const names = migrationNames(`${folder}/migrations`);
  const applied = makeOrRead(file);
  const unknown = applied.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`${file} was written by a newer version (${unknown.join(", ")})`);
  if (names.every((name) => applied.includes(name))) return [];
  const copy = applied.length > 0 ? copyOf(file, nowMs) : null;
  try {
    return await apply(file, folder, names);
  } catch (error) {
    putBack(file, copy);
    const state = copy === null ? "the new file was removed" : "the database was put back as it was";
    throw new Error(`a migration failed, ${state}: ${error?.message ?? error}`);
  }
}

function migrationNames(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Names of what was applied before; a failed one counts as not applied, as Prisma counts it. */
function makeOrRead(file) {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "wx", 0o600));
    return [];
  }
  const database = new Database(file, { timeout: 5000 });
  try {
    const history = "SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'";
    if (database.prepare(history).get() === undefined) return [];
    const rows =
      "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL";
    return database
      .prepare(rows)
      .all()
      .map((row) => row.name);
  } finally {
    database.close();
  }
}

function copyOf(file, nowMs) {
  const copy = `${file}.before-${new Date(nowMs).toISOString().replace(/[:.]/g, "-")}`;
  const database = new Database(file, { timeout: 5000 });
  try {
    database.prepare("VACUUM INTO ?").run(copy);
  } finally {
    database.close();
  }
  chmodSync(copy, 0o600);
  const copies = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.before-`));
  for (const old of copies.sort().slice(0, -copiesKept)) rmSync(join(dirname(file), old));
  return copy;
}

async function apply(file, folder, names) {
  // Loaded only when there is something to do: it takes a third of a second.
  const { migrationsList, newEngine } = await import("./wasm-engine.mjs");
  const schema = `${folder}/schema.prisma`;
  const { engine, close } = await newEngine(`file:${file}`, [[schema, readFileSync(schema, "utf8")]]);
  try {
    const list = migrationsList(`${folder}/migrations`, names);
    const result = await engine.applyMigrations({
      migrationsList: list,
      filters: { externalTables: [], externalEnums: [] },
    });
    return result.appliedMigrationNames;
  } finally {
    await close();
  }
}

function putBack(file, copy) {
  for (const tail of ["", "-wal", "-shm"]) rmSync(file + tail, { force: true });
  if (copy !== null) renameSync(copy, file);
}

/** The folder of this script; a bundle elsewhere is started in the folder that holds prisma/. */
function ownFolder() {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, "schema.prisma")) ? here : resolve("prisma");
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const url = process.argv[2] ?? process.env.DATABASE_URL;
    if (!url?.startsWith("file:")) throw new Error("name the database: node prisma/deploy.mjs file:/path/sluice.db");
    const names = await deploy(url, ownFolder(), Date.now());
    if (names.length > 0) console.log(`applied ${names.join(", ")}`);
  } catch (error) {
    console.error(`The database cannot be brought up to date: ${error.message}`);
    process.exit(1);
  }
}
