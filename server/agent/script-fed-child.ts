/**
 * An interactive nft reads its input byte by byte, one system call each: 0.7 us a byte, 9 ms for the line of a farm with many slots.
 * A file it includes is read in blocks, and is one transaction as well. So a long line goes into a file, and the line says `include`.
 */
import { writeFileSync } from "node:fs";
import type { NftChild } from "./nft-child.ts";

const inlineBytesMax = 512;

/** `file` is overwritten by each long line; it needs no sync, for nothing reads it later. */
export function feedByScript(child: NftChild, file: string): NftChild {
  return {
    ...child,
    run: (line, timeoutMs) =>
      child.run(line.length > inlineBytesMax && written(file, line) ? `include "${file}"` : line, timeoutMs),
  };
}

/** false: the line must go as it is (a path that nft would expand as a pattern, a disk that refuses). */
function written(file: string, line: string): boolean {
  if (!/^\/[A-Za-z0-9._/-]+$/.test(file)) return false;
  try {
    writeFileSync(file, `${line}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
