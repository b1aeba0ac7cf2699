/**
 * Which tag byte the connections of this host carry. The marks of open connections cannot be rewritten, so another tag would leave them
 * uncounted and without their backend: it is refused while there are farms, and noted beside the state otherwise.
 */
import { readFileSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { defaultTag } from "../core/allocation/marks.ts";
import { syncFolder } from "./journal.ts";

const fileName = "tag";

/** The tag of the state on disk; states from before the file was written had the default one. */
export function recordedTag(dataDir: string): number {
  try {
    const text = readFileSync(join(dataDir, fileName), "utf8").trim();
    return /^0x[0-9a-f]{2}$/.test(text) ? Number(text) : defaultTag;
  } catch {
    return defaultTag;
  }
}

/** Whole or not at all, and only where it says something new: a loss of power must not leave a file that stops the next start. */
export async function recordTag(dataDir: string, tag: number): Promise<void> {
  if (recordedTag(dataDir) === tag) return;
  const path = join(dataDir, fileName);
  const handle = await open(`${path}.tmp`, "w", 0o600);
  try {
    await handle.writeFile(`0x${tag.toString(16).padStart(2, "0")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  renameSync(`${path}.tmp`, path);
  syncFolder(dataDir);
}

/** A sentence why the agent does not start with `tag`; null = it may. */
export function tagRefusal(recorded: number, tag: number, farms: number): string | null {
  if (recorded === tag || farms === 0) return null;
  const [was, is] = [recorded, tag].map((each) => `0x${each.toString(16).padStart(2, "0")}`);
  return (
    `tag: the connections of ${farms === 1 ? "the farm" : `the ${farms} farms`} on this balancer carry the tag ${was}, and with ${is} they ` +
    `would lose their backend. Set tag: ${was} again, or remove the farms first.`
  );
}
