/**
 * Since when backends drain, beside the agent's state: `drains.json`, written whole whenever something of it changes. A file that is
 * missing or damaged costs little: the drain then began with the farm's last revision, and its end may be told a second time.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

const recordSchema = z.object({
  /** epoch milliseconds */
  sinceMs: z.number(),
  isEmptyTold: z.boolean(),
  /** its deadline passed, and what was left then was cut */
  isCut: z.boolean(),
});
export type DrainRecord = z.output<typeof recordSchema>;

const fileSchema = z.record(z.string(), recordSchema);
const fileName = "drains.json";

export function readDrains(dataDir: string): ReadonlyMap<string, DrainRecord> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(join(dataDir, fileName), "utf8")));
    return new Map(parsed.success ? Object.entries(parsed.data) : []);
  } catch {
    return new Map();
  }
}

/** Small and rare; whole or not at all. */
export function writeDrains(dataDir: string, drains: ReadonlyMap<string, DrainRecord>): void {
  const path = join(dataDir, fileName);
  writeFileSync(`${path}.tmp`, JSON.stringify(Object.fromEntries(drains)), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
