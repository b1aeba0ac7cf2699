/**
 * Plain SQL on a connection of its own, for what every request and every change does: Prisma's client builds, compiles and interprets
 * a query in 0.5 to 1 ms of CPU, the statement itself takes a fiftieth of that. Each text is prepared once for its connection: preparing
 * takes longer than running, and thousands of statements that nobody needs any more are work for the garbage collector. Portable SQL only
 * (quoted names, ON CONFLICT); values are always parameters. Reads see what is committed; a transaction is asked for in the store's queue,
 * like every other write.
 */
import Sqlite from "better-sqlite3";
import type { Prisma } from "./generated/client.ts";

/** A row's values in the order of its columns: text, numbers, null; moments as ISO text, JSON as text. */
type SqlRow = readonly unknown[];

export type Statements = {
  rows(query: Prisma.Sql): Promise<readonly SqlRow[]>;
  /** how many rows it changed */
  run(query: Prisma.Sql): Promise<number>;
};

export type Connection = Statements & {
  /** Commits when `work` answers, whatever the answer; undone when it throws. One at a time. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  close(): void;
};

export type ConnectionOptions = { readonly path: string; readonly busyTimeoutMs: number; readonly use: ConnectionUse };

/** "keep": a commit is on disk before it answers. "jot": a loss of power may take the last commits with it, nothing else can. */
type ConnectionUse = "read" | "keep" | "jot";

/**
 * Pages of the write-ahead log after which a commit brings them into the file: some milliseconds, and two more syncs. A change writes twenty,
 * most of them the same ones again, so that a long log costs hardly more than a short one, a quarter as often.
 */
const logPagesMax = 4000;

const pragmas: Readonly<Record<ConnectionUse, readonly string[]>> = {
  read: ["query_only=ON"],
  keep: ["synchronous=FULL", `wal_autocheckpoint=${logPagesMax}`],
  jot: ["synchronous=NORMAL", `wal_autocheckpoint=${logPagesMax}`],
};

/** texts differ by how many rows they insert */
const preparedMax = 200;

/** Throws what SQLite says (storage-failure.ts understands it), as everything here does. */
export function connect({ path, busyTimeoutMs, use }: ConnectionOptions): Connection {
  const file = new Sqlite(path, { timeout: busyTimeoutMs, fileMustExist: true });
  for (const pragma of pragmas[use]) file.pragma(pragma);
  const prepare = preparing(file);
  const statements: Statements = {
    rows: async ({ sql, values }) => prepare(sql).all(bound(values)) as SqlRow[],
    run: async ({ sql, values }) => prepare(sql).run(bound(values)).changes,
  };
  // who writes waits for another process here, and is not refused at the first write after a read
  const begin = prepare(use === "read" ? "BEGIN" : "BEGIN IMMEDIATE");
  const commit = prepare("COMMIT");
  return {
    ...statements,
    async transaction(work) {
      begin.run();
      try {
        const answer = await work(statements);
        commit.run();
        return answer;
      } catch (error) {
        // SQLite has undone it itself when the disk was full
        if (file.inTransaction) prepare("ROLLBACK").run();
        throw error;
      }
    },
    close: () => void file.close(),
  };
}

function preparing(file: Sqlite.Database): (sql: string) => Sqlite.Statement {
  const prepared = new Map<string, Sqlite.Statement>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = file.prepare(sql);
    if (statement.reader) statement.raw();
    if (prepared.size >= preparedMax) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  };
}

/** As Prisma's client stores them: both read the same rows. */
function bound(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (value instanceof Date) return value.toISOString().replace("Z", "+00:00");
    return typeof value === "boolean" ? Number(value) : value;
  });
}
