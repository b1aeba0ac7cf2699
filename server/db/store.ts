/**
 * The one way to the tables. The SQLite adapter runs every statement of a client on one connection, inside whatever transaction is
 * open there; so transactions have a connection of their own, taken one at a time, and reads have another one that never sees what is
 * not committed. better-auth gets the writing connection, one statement at a time, in the same queue. Plain statements (statements.ts)
 * have a pair of connections of their own; their transactions wait in the same queue, so that nothing here ever waits for a lock of ours.
 */
import { statSync } from "node:fs";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { Failure, Result } from "../core/result.ts";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { type Connection, connect, type Statements } from "./statements.ts";
import { storageFailure } from "./storage-failure.ts";

export type Reader = Prisma.TransactionClient;
export type Transaction = Prisma.TransactionClient;

export type Store = {
  readonly balancerId: string;
  /** What has been committed. */
  read<T>(work: (reader: Reader) => Promise<Result<T>>): Promise<Result<T>>;
  /** All or nothing; throw `Rollback` to undo with a failure of your own. */
  write<T>(work: (transaction: Transaction) => Promise<Result<T>>): Promise<Result<T>>;
  /** What has been committed, by plain statements. */
  look<T>(work: (statements: Statements) => Promise<Result<T>>): Promise<Result<T>>;
  /** As `write`, by plain statements: for what every change does. */
  note<T>(work: (statements: Statements) => Promise<Result<T>>): Promise<Result<T>>;
  /**
   * As `note`, without waiting for the disk: what a loss of power may take, because something else says it too. Whatever is
   * noted or written afterwards brings it to the disk with itself.
   */
  jot<T>(work: (statements: Statements) => Promise<Result<T>>): Promise<Result<T>>;
  /** One moment of the database for as long as `work` reads, on a connection that nobody waits for. */
  copy<T>(work: (statements: Statements) => Promise<Result<T>>): Promise<Result<T>>;
  /** A client for better-auth. */
  readonly authClient: object;
  /** The file this was opened on is gone or another one: open anew. */
  isLost(): boolean;
  close(): Promise<void>;
};

/** Another process may hold the write lock this long; the wait blocks this process, so it is short. */
const busyTimeoutMs = 1000;
/** An import of 100,000 backends takes seconds. */
const transactionTimeoutMs = 120_000;

export async function openStore(url: string, balancerId: string): Promise<Result<Store>> {
  const path = url.replace(/^file:/, "");
  const opened = identityOf(path);
  if (opened === null) return { ok: false, error: missing(path) };
  const writer = newClient(url);
  const reader = newClient(url);
  try {
    await prepare(writer, reader);
    await ensureBalancer(writer, balancerId);
    const plain = {
      noting: connect({ path, busyTimeoutMs, use: "keep" }),
      jotting: connect({ path, busyTimeoutMs, use: "jot" }),
      looking: connect({ path, busyTimeoutMs, use: "read" }),
    };
    return { ok: true, value: storeOf({ writer, reader, ...plain, balancerId, path, opened }) };
  } catch (error) {
    await Promise.allSettled([writer.$disconnect(), reader.$disconnect()]);
    return { ok: false, error: storageFailure(error) };
  }
}

type Parts = {
  readonly writer: PrismaClient;
  readonly reader: PrismaClient;
  readonly noting: Connection;
  readonly jotting: Connection;
  readonly looking: Connection;
  readonly balancerId: string;
  readonly path: string;
  readonly opened: string;
};

function storeOf({ writer, reader, noting, jotting, looking, balancerId, path, opened }: Parts): Store {
  const inTurn = queue();
  const isLost = () => identityOf(path) !== opened;
  const guarded = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    // SQLite would go on with a file that has no name any more, and everything would be gone at the next start
    if (isLost()) return { ok: false, error: missing(path) };
    try {
      return await work();
    } catch (error) {
      return { ok: false, error: storageFailure(error) };
    }
  };
  return {
    balancerId,
    read: (work) => guarded(() => work(reader)),
    write: (work) => guarded(() => inTurn(() => transact(writer, balancerId, work))),
    look: (work) => guarded(() => work(looking)),
    note: (work) => guarded(() => inTurn(() => noting.transaction(work))),
    jot: (work) => guarded(() => inTurn(() => jotting.transaction(work))),
    copy: (work) => guarded(() => apart(path, work)),
    authClient: writer.$extends({
      query: {
        $allOperations: ({ args, query }) => {
          if (isLost()) throw new Error(missing(path).text);
          return inTurn(() => query(args));
        },
      },
    }),
    isLost,
    async close() {
      await inTurn(async () => undefined);
      for (const connection of [noting, jotting, looking]) connection.close();
      await Promise.allSettled([writer.$disconnect(), reader.$disconnect()]);
    },
  };
}

function transact<T>(
  writer: PrismaClient,
  balancerId: string,
  work: (tx: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  return writer.$transaction(
    async (tx) => {
      // A write comes first, so that another process is waited for here and not refused at the first write after a read.
      await tx.$executeRaw`UPDATE "Balancer" SET "name" = "name" WHERE "id" = ${balancerId}`;
      return work(tx);
    },
    { maxWait: transactionTimeoutMs, timeout: transactionTimeoutMs },
  );
}

async function apart<T>(path: string, work: (statements: Statements) => Promise<Result<T>>): Promise<Result<T>> {
  const connection = connect({ path, busyTimeoutMs, use: "read" });
  try {
    return await connection.transaction(work);
  } finally {
    connection.close();
  }
}

function newClient(url: string): PrismaClient {
  const adapter = new PrismaBetterSqlite3({ url, timeout: busyTimeoutMs, fileMustExist: true });
  return new PrismaClient({ adapter, errorFormat: "minimal", log: [] });
}

async function prepare(writer: PrismaClient, reader: PrismaClient): Promise<void> {
  // A read-only file stays in the mode it has; reading it is still of use.
  await writer.$queryRawUnsafe("PRAGMA journal_mode=WAL").catch(() => undefined);
  await writer.$queryRawUnsafe("PRAGMA synchronous=FULL");
  await reader.$queryRawUnsafe("PRAGMA query_only=ON");
}

async function ensureBalancer(writer: PrismaClient, id: string): Promise<void> {
  const known = await writer.balancer.findUnique({ where: { id }, select: { id: true } });
  if (known === null) await writer.balancer.create({ data: { id, name: id } });
}

/** One after the other, in the order of asking; one that fails does not stop the next. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = tail.then(work, work);
    tail = mine.catch(() => undefined);
    return mine;
  };
}

function identityOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
}

function missing(path: string): Failure {
  const text = "The database file is missing; restart Sluice to make a new one";
  return { code: "storage", text, detail: path, retry: false };
}
