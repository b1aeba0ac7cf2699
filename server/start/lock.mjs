/** A lock the kernel frees when we end, however we end: flock(1) locks the open file it inherits, which is ours. */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { inCheckout } from "./checkout.mjs";
import { say } from "./steps.mjs";

/** The open file, to be kept; null when another process has the lock. */
export function takeLock(file) {
  const fd = openSync(file, "a+", 0o644);
  if (!isFree(fd)) {
    closeSync(fd);
    return null;
  }
  ftruncateSync(fd);
  writeSync(fd, `${process.pid}\n`);
  return fd;
}

export function lockPid(file) {
  return readFileSync(file, "utf8").trim();
}

/**
 * One at a time on this checkout, whoever starts it: what another one is just building is waited for, so `work` looks for itself
 * whether anything is left to do. The locked file is always there, and opening it takes no right to write.
 */
export async function aloneInCheckout(work, file = inCheckout("package-lock.json")) {
  const fd = openSync(file, "r");
  try {
    if (!isFree(fd)) {
      say("- waiting for another build of this checkout");
      await freed(fd);
    }
    return await work();
  } finally {
    closeSync(fd);
  }
}

const stdio = (fd) => ["ignore", "ignore", "ignore", fd];

function isFree(fd) {
  const { status, error } = spawnSync("flock", ["-n", "3"], { stdio: stdio(fd) });
  if (error !== undefined) throw error;
  return status === 0;
}

function freed(fd) {
  return new Promise((resolve, reject) => {
    const child = spawn("flock", ["3"], { stdio: stdio(fd) });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`flock ended with ${code}`))));
  });
}
