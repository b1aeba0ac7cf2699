/** A lock the kernel frees when we end, however we end: flock(1) locks the open file it inherits, which is ours. */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** The open file, to be kept; null when another process has the lock. */
export function takeLock(file) {
  const fd = openSync(file, "a+", 0o644);
  const { status } = spawnSync("flock", ["-n", "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
  if (status !== 0) {
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
