/**
 * An interactive nft reads its input byte by byte, one system call each: 0.7 us a byte, 9 ms for the line of a farm with many slots.
 * A file it includes is read in blocks, and is one transaction as well. So a long line goes into a file, and the line says `include`.
 * The file stays open and is written over in place: emptying and closing it for each change makes the filesystem look for its blocks at once.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { NftChild } from "./nft-child.ts";

const inlineBytesMax = 512;

/** `file` is overwritten by each long line; it needs no sync, for nothing reads it later. */
export function feedByScript(child: NftChild, file: string): NftChild {
  const write = scriptFile(file);
  return {
    ...child,
    run: (line, timeoutMs) =>
      child.run(line.length > inlineBytesMax && write(`${line}\n`) ? `include "${file}"` : line, timeoutMs),
  };
}

/** What it makes writes the whole text. false: the line must go as it is (a path that nft would expand as a pattern, a disk that refuses). */
function scriptFile(file: string): (text: string) => boolean {
  const isPlain = /^\/[A-Za-z0-9._/-]+$/.test(file);
  let opened: number | null = null;
  return (text) => {
    if (!isPlain) return false;
    try {
      // somebody may have removed it: what nobody can open is no use to nft
      if (opened !== null && fstatSync(opened).nlink === 0) {
        closeSync(opened);
        opened = null;
      }
      opened ??= openSync(file, "w", 0o600);
      const bytes = Buffer.from(text, "utf8");
      ftruncateSync(opened, bytes.length);
      return writeSync(opened, bytes, 0, bytes.length, 0) === bytes.length;
    } catch {
      return false;
    }
  };
}
