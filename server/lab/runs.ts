/**
 * Runs and their locks. A run's folder holds a lock file that is flock()ed for as long as the lab lives and says the launcher's
 * pid; the kernel frees it however the lab dies. Clean-up removes only runs whose lock is free, so labs can stand side by side.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { closeNamespaces } from "./open-network.ts";
import { placesOf } from "./places.ts";

const flockIsHeld = 1;

export type Lock = { release(): void };

/** Takes a lock and keeps it until the process ends or `release` is called; null when another process has it. */
export function takeLock(file: string, text: string): Lock | null {
  const fd = openSync(file, "a+", 0o644);
  if (!flock(fd, ["-n"])) {
    closeSync(fd);
    return null;
  }
  ftruncateSync(fd);
  writeSync(fd, text);
  return { release: () => closeSync(fd) };
}

/**
 * Waits until no other process makes or cleans up runs in this folder, and keeps them out until `release`: a run whose folder is
 * made and whose lock is not yet taken looks like one that was killed.
 */
export function takeTurn(runsFolder: string): Lock {
  const fd = openSync(runsFolder, "r");
  if (!flock(fd, [])) throw new Error(`${runsFolder} could not be locked`);
  return { release: () => closeSync(fd) };
}

/** The folder of all runs, ours alone: another user's folder or a link under this name is refused. */
export function makeRunsFolder(folder: string, uid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid)
    throw new Error(`${folder} is not a folder of this user; remove it and start again`);
  chmodSync(folder, 0o755);
}

/** In one's turn: takes away what killed runs left: namespaces (and with them tables) and run folders. Returns the run ids. */
export async function cleanUpRuns(runsFolder: string): Promise<string[]> {
  const cleaned: string[] = [];
  for (const runId of readdirSync(runsFolder)) {
    const lock = lockOfRun(runsFolder, runId);
    if (lock === null) continue;
    await closeNamespaces(runId);
    rmSync(`${runsFolder}/${runId}`, { recursive: true, force: true });
    lock.release();
    cleaned.push(runId);
  }
  return cleaned;
}

function lockOfRun(runsFolder: string, runId: string): Lock | null {
  try {
    return takeLock(placesOf(runsFolder, runId).lockFile, "");
  } catch {
    return null;
  }
}

/** flock(1) locks the open file it inherits as descriptor 3, which is ours: the lock outlives flock itself */
function flock(fd: number, words: readonly string[]): boolean {
  const { status, error } = spawnSync("flock", [...words, "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
  if (error !== undefined) throw error;
  return status !== flockIsHeld;
}
