/** A migrated database of its own for a test file, in a folder of its own. */
import { execFileSync } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { type DatabaseOptions, type OpenDatabase, openDatabase } from "./database.ts";

export type TemporaryDatabases = {
  /** path of a new migrated file */
  file(): string;
  open(file?: string, options?: Pick<DatabaseOptions, "after">): Promise<OpenDatabase>;
  /** closes what was opened, removes the folder */
  end(): Promise<void>;
};

export function temporaryDatabases(): TemporaryDatabases {
  const folder = mkdtempSync(join(tmpdir(), "sluice-db-"));
  const template = join(folder, "template.db");
  execFileSync(process.execPath, [join(import.meta.dirname, "../../prisma/deploy.mjs"), `file:${template}`]);
  const opened: OpenDatabase[] = [];
  let count = 0;
  const file = () => {
    const path = join(folder, `${++count}.db`);
    copyFileSync(template, path);
    return path;
  };
  return {
    file,
    async open(path = file(), options = {}) {
      const database = await openDatabase({ url: `file:${path}`, ...options });
      if (!database.ok) throw new Error(database.error.text);
      opened.push(database.value);
      return database.value;
    },
    async end() {
      await Promise.all(opened.map((database) => database.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** A write version above 2 in the header: SQLite must treat the file as read-only, for root too. Nobody may have it open. */
export function makeReadOnly(path: string): void {
  const sqlite = new Sqlite(path);
  sqlite.pragma("journal_mode=DELETE");
  sqlite.close();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([9]), 0, 1, 18);
  closeSync(file);
}
