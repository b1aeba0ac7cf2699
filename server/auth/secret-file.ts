/** Files that only this process may read: made once, mode 0600, whole or not at all. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "../core/result.ts";

/** The file's text; made from `make` when there is none. Two processes that both make it end with the same text. */
export function readOrMakeSecret(directory: string, name: string, make: () => string): Result<string> {
  try {
    return ok(readSecret(directory, name) ?? makeSecret(directory, name, make()));
  } catch (error) {
    return fail("storage", `The file ${name} cannot be read or written in the web process's state folder`, {
      detail: String(error),
    });
  }
}

/** null when there is no such file. Throws when it cannot be read. */
export function readSecret(directory: string, name: string): string | null {
  try {
    const text = readFileSync(join(directory, name), "utf8").trim();
    return text === "" ? null : text;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function removeSecret(directory: string, name: string): void {
  rmSync(join(directory, name), { force: true });
}

function makeSecret(directory: string, name: string, text: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, `${text}\n`, { mode: 0o600, flag: "w" });
  try {
    // a link fails when the name is taken: whoever was first wins, and nobody reads half a file
    linkSync(temporary, path);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const other = readSecret(directory, name);
    if (other !== null) return other;
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
  } finally {
    rmSync(temporary, { force: true });
  }
  return text;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
