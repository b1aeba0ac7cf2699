/**
 * The web process's one open database. Kept on globalThis: routes and instrumentation are bundled apart. Neither a failed opening nor
 * one whose file is gone is kept, so that a file that comes back is found at the next use.
 */
import type { Result } from "../core/result.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";

const slot = globalThis as unknown as { sluiceDatabase?: Promise<Result<OpenDatabase>> | undefined };

export async function sharedDatabase(url: string): Promise<Result<OpenDatabase>> {
  const kept = slot.sluiceDatabase;
  const known = await kept;
  if (known?.ok && !known.value.isLost()) return known;
  // whoever comes first opens it for all
  if (slot.sluiceDatabase === kept) {
    if (known?.ok) void known.value.close();
    slot.sluiceDatabase = openDatabase({ url });
  }
  return slot.sluiceDatabase ?? openDatabase({ url });
}
