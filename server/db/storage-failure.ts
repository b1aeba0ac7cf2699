/** What a broken database says, as a value with a sentence for people. Prisma's and SQLite's own words go to the log only. */
import type { Failure } from "../core/result.ts";

/** Thrown inside a transaction to undo it; what comes out is the failure it carries. */
export class Rollback extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.text);
    this.failure = failure;
  }
}

export function storageFailure(error: unknown): Failure {
  if (error instanceof Rollback) return error.failure;
  const code = sqliteCode(error);
  const known = sentences.find(({ codes }) => codes.some((prefix) => code.startsWith(prefix)));
  return {
    code: "storage",
    text: known?.text ?? "The database does not work; the log says why",
    detail: `${code} ${error instanceof Error ? error.message : String(error)}`.trim(),
    retry: known?.retry ?? false,
  };
}

const sentences: readonly { readonly codes: readonly string[]; readonly text: string; readonly retry: boolean }[] = [
  {
    codes: ["SQLITE_BUSY", "SQLITE_LOCKED", "P1008", "P2028", "P2034"],
    text: "The database is locked by another process; try again",
    retry: true,
  },
  { codes: ["SQLITE_READONLY"], text: "The database is read-only: nothing can be saved", retry: false },
  { codes: ["SQLITE_FULL"], text: "The disk of the database is full: nothing can be saved", retry: true },
  { codes: ["SQLITE_CANTOPEN", "P1003"], text: "The database file is missing or cannot be opened", retry: false },
  { codes: ["SQLITE_NOTADB", "SQLITE_CORRUPT"], text: "The database file is damaged", retry: false },
  { codes: ["SQLITE_IOERR"], text: "The disk of the database does not answer", retry: true },
  { codes: ["P2021", "P2022"], text: "The database has no tables of this version yet: migrate it first", retry: false },
];

/** As SQLite words them; to itself both are only SQLITE_ERROR. */
const unknownName = /^no such (table|column)|has no column named/;

/** SQLite's own code where the adapter hands it on or it comes from a plain statement, else Prisma's. */
function sqliteCode(error: unknown): string {
  const adapterError = member(member(error, "meta"), "driverAdapterError") ?? error;
  const cause = member(adapterError, "cause");
  const kind = member(cause, "kind");
  // as Prisma would call them: raw and plain statements do not pass through it
  if (kind === "TableDoesNotExist") return "P2021";
  if (kind === "ColumnNotFound") return "P2022";
  const original = member(cause, "originalCode");
  // a missing table is SQLITE_ERROR there; Prisma's code says more
  if (typeof original === "string" && original !== "SQLITE_ERROR") return original;
  const code = member(error, "code");
  if (code === "SQLITE_ERROR" && error instanceof Error && unknownName.test(error.message)) return "P2021";
  return typeof code === "string" ? code : "";
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
