/**
 * Append-only file of JSON lines. An intent is on disk before its transaction, its outcome written after: where that was "applied" the
 * disk is not waited for, because after a loss of power the intent alone leads to the same state and answer. A line is whole or it is
 * not there: a torn last line (power loss, full disk) is cut off at the next opening. Nothing is ever rewritten in place.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { parseJson } from "../core/json.ts";

export type JournalFile = {
  /** resolves when the line is on disk; throws when the disk refuses, leaving no half line */
  append(record: unknown): Promise<void>;
  /** resolves when the kernel has the line: it outlives this process, and is on disk as soon as anything after it is */
  write(record: unknown): Promise<void>;
  size(): number;
  close(): Promise<void>;
};

/** Opens (or makes) the file for appending. The folder is synced, so that the file itself survives a power loss. */
export async function openJournalFile(path: string): Promise<JournalFile> {
  const handle = await open(path, "a", 0o600);
  syncFolder(dirname(path));
  let size = (await handle.stat()).size;
  let last: Promise<void> = Promise.resolve();

  /** After the line before it, also where nobody waited for that one. */
  function add(record: unknown, isSynced: boolean): Promise<void> {
    const line = `${JSON.stringify(record)}\n`;
    const added = last.then(async () => {
      size = await appendLine(handle, size, line, isSynced);
    });
    last = added.catch(() => undefined);
    return added;
  }

  return {
    append: (record) => add(record, true),
    write: (record) => add(record, false),
    size: () => size,
    async close() {
      await last;
      await handle.datasync();
      await handle.close();
    },
  };
}

async function appendLine(handle: FileHandle, size: number, line: string, isSynced: boolean): Promise<number> {
  const bytes = Buffer.from(line, "utf8");
  try {
    let written = 0;
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
    }
    if (isSynced) await handle.datasync();
    return size + bytes.length;
  } catch (error) {
    await handle.truncate(size);
    throw error;
  }
}

/** Records of a journal file, oldest first. A torn tail is cut off; a damaged line inside ends the reading and is reported. */
export function readJournalFile(path: string): { records: unknown[]; damaged: boolean } {
  const text = readText(path);
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  const records: unknown[] = [];
  for (const line of text.slice(0, end).split("\n")) {
    if (line === "") continue;
    const parsed = parseJson(line);
    if (parsed === undefined) return { records, damaged: true };
    records.push(parsed);
  }
  return { records, damaged: false };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
