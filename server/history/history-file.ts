/**
 * The history's own SQLite file: WAL, one process, prepared statements. It can be lost without harm, so a file that is torn or of another
 * version is set aside (one is kept) and a new one begun; the log says so.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";

export type HistoryLog = (event: string, fields: Readonly<Record<string, unknown>>) => void;

/** 2 and 3: rows have more values; those of earlier versions are read as they are, and know nothing of them */
const schemaVersion = 3;
const readableVersions: readonly unknown[] = [1, 2, schemaVersion];

/**
 * minute: minutes of hours that are not over. hour: one row an hour and farm, and its minutes, column by column, in `packed`.
 * Values are 16 bit codes (core/metrics/minutes.ts) in the order that the farm's layout gives its backends.
 */
const schema = `
CREATE TABLE cursor (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL);
INSERT INTO cursor VALUES (1, 0);
CREATE TABLE farm (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE layout (id INTEGER PRIMARY KEY, farm INTEGER NOT NULL, backends TEXT NOT NULL, hour INTEGER NOT NULL, UNIQUE (farm, backends));
CREATE TABLE minute (at INTEGER NOT NULL, farm INTEGER NOT NULL, layout INTEGER NOT NULL, codes BLOB NOT NULL,
  PRIMARY KEY (at, farm)) WITHOUT ROWID;
CREATE TABLE hour (farm INTEGER NOT NULL, hour INTEGER NOT NULL, layout INTEGER NOT NULL, codes BLOB NOT NULL,
  PRIMARY KEY (farm, hour)) WITHOUT ROWID;
CREATE TABLE packed (id INTEGER PRIMARY KEY, farm INTEGER NOT NULL, hour INTEGER NOT NULL, codes BLOB NOT NULL, UNIQUE (farm, hour));
PRAGMA user_version = ${schemaVersion};
`;

/** Throws when the folder cannot be written; a file that cannot be read is replaced. */
export function openHistoryFile(path: string, log: HistoryLog): Database.Database {
  try {
    return prepared(path);
  } catch (error) {
    if (!isTorn(error)) throw error;
    log("history-begun-anew", { detail: String(error) });
    setAside(path);
    return prepared(path);
  }
}

/** Whether the file itself is bad: anything else (a full disk, no permission) is no reason to begin anew. */
export function isTorn(error: unknown): boolean {
  if (error instanceof OtherVersion) return true;
  const code = error instanceof Database.SqliteError ? error.code : "";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}

export function setAside(path: string): void {
  for (const end of ["-wal", "-shm"]) rmSync(path + end, { force: true });
  if (existsSync(path)) renameSync(path, `${path}.torn`);
}

class OtherVersion extends Error {}

function prepared(path: string): Database.Database {
  const file = new Database(path, { timeout: 1000 });
  try {
    file.pragma("journal_mode = WAL");
    file.pragma("synchronous = NORMAL");
    const version = file.pragma("user_version", { simple: true });
    const isEmpty = file.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
    if (isEmpty) file.transaction(() => file.exec(schema))();
    else if (!readableVersions.includes(version)) throw new OtherVersion(`a history of version ${String(version)}`);
    else if (version !== schemaVersion) file.pragma(`user_version = ${schemaVersion}`);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
