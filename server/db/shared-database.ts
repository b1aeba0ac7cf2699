/**
 * The web process's one open database. Kept on globalThis: routes and instrumentation are bundled apart. A failed opening is not
 * kept, so that a file that comes back is found at the next use.
 */
import type { Result } from "../core/result.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";

const slot = globalThis as unknown as { sluiceDatabase?: Promise<Result<OpenDatabase>> | undefined };

export function sharedDatabase(url: string): Promise<Result<OpenDatabase>> {
  slot.sluiceDatabase ??= openDatabase({ url }).then((opened) => {
    if (!opened.ok) slot.sluiceDatabase = undefined;
    return opened;
  });
  return slot.sluiceDatabase;
}
