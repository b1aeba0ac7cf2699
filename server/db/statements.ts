/**
 * Plain SQL on a connection of its own, for what every request and every change does: Prisma's client builds, compiles and interprets
 * a query in 0.5 to 1 ms of CPU, the statement itself takes a fiftieth of that. Portable SQL only (quoted names, ON CONFLICT); values
 * are always parameters. Reads see what is committed; a transaction is asked for in the store's queue, like every other write.
 */
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
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
  close(): Promise<void>;
};

type Adapter = Awaited<ReturnType<PrismaBetterSqlite3["connect"]>>;
type Queryable = Pick<Adapter, "queryRaw" | "executeRaw">;
type SqlQuery = Parameters<Queryable["queryRaw"]>[0];

export type ConnectionOptions = { readonly url: string; readonly busyTimeoutMs: number; readonly use: ConnectionUse };

/** "keep": a commit is on disk before it answers. "jot": a loss of power may take the last commits with it, nothing else can. */
export type ConnectionUse = "read" | "keep" | "jot";

const pragmas: Readonly<Record<ConnectionUse, string>> = {
  read: "PRAGMA query_only=ON",
  keep: "PRAGMA synchronous=FULL",
  jot: "PRAGMA synchronous=NORMAL",
};

export async function connect({ url, busyTimeoutMs, use }: ConnectionOptions): Promise<Connection> {
  const adapter = await new PrismaBetterSqlite3({ url, timeout: busyTimeoutMs, fileMustExist: true }).connect();
  await adapter.executeScript(pragmas[use]);
  return {
    ...statementsOn(adapter),
    async transaction(work) {
      const open = await adapter.startTransaction();
      const { rows, run } = statementsOn(open);
      try {
        const answer = await work({ rows, run });
        await open.executeRaw(bare("COMMIT"));
        await open.commit();
        return answer;
      } catch (error) {
        await open.executeRaw(bare("ROLLBACK")).catch(() => undefined);
        await open.rollback();
        throw error;
      }
    },
    close: () => adapter.dispose(),
  };
}

function statementsOn(queryable: Queryable): Statements {
  return {
    rows: async (query) => (await queryable.queryRaw(asked(query))).rows,
    run: (query) => queryable.executeRaw(asked(query)),
  };
}

function asked({ sql, values }: Prisma.Sql): SqlQuery {
  return { sql, args: [...values], argTypes: values.map((value) => ({ scalarType: typeOf(value), arity: "scalar" })) };
}

function bare(sql: string): SqlQuery {
  return { sql, args: [], argTypes: [] };
}

function typeOf(value: unknown): SqlQuery["argTypes"][number]["scalarType"] {
  if (value instanceof Date) return "datetime";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value === "boolean" ? "boolean" : "string";
}
