/**
 * Which tag byte the connections of this host carry. The marks of open connections cannot be rewritten, so another tag would leave them
 * uncounted and without their backend: it is refused while there are farms, and noted beside the state otherwise.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultTag } from "../core/allocation/marks.ts";

const fileName = "tag";

/** The tag of the state on disk; states from before the file was written had the default one. */
export function recordedTag(dataDir: string): number {
  try {
    const tag = Number(readFileSync(join(dataDir, fileName), "utf8").trim());
    return Number.isInteger(tag) ? tag : defaultTag;
  } catch {
    return defaultTag;
  }
}

export async function recordTag(dataDir: string, tag: number): Promise<void> {
  await writeFile(join(dataDir, fileName), `0x${tag.toString(16).padStart(2, "0")}\n`, { mode: 0o600 });
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
