/** The allocation as JSON text. Free blocks are not written: they are what the used ones leave. */
import type { Result } from "../result.ts";
import type { Allocation } from "./allocation.ts";

export function serializeAllocation(_allocation: Allocation): string {
  throw new Error("not built");
}

/** "storage" when the text is none of ours. */
export function parseAllocation(_text: string): Result<Allocation> {
  throw new Error("not built");
}
