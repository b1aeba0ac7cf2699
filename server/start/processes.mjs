/** Child processes of the launcher: their rights, one line of readiness, and an orderly end. */
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, openSync, statSync, truncateSync } from "node:fs";
import { placeOf } from "./debian.mjs";

/** The start of a command line with exactly these rights; `user` null keeps the user. The process dies with the launcher. */
export function rights(user, capabilities = [], groups = []) {
  const list = ["-all", ...capabilities.map((one) => `+${one}`)].join(",");
  const isRoot = process.getuid() === 0;
  const who = user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`];
  const also = user === null ? [] : groups.length > 0 ? [`--groups=${groups.join(",")}`] : ["--clear-groups"];
  // only root may shrink the bounding set; an ordinary user has no capability to lose
  const bounds = isRoot ? [`--inh-caps=${list}`, `--ambient-caps=${list}`, `--bounding-set=${list}`] : [];
  return ["setpriv", ...who, ...also, ...bounds, "--no-new-privs", "--pdeathsig=KILL"];
}

/** A command line that does not outlive us, however we end: for work that another start would do again. */
export function boundToUs(argv) {
  return placeOf("setpriv") === null ? argv : ["setpriv", "--pdeathsig=KILL", ...argv];
}

/** Nothing of the caller's environment reaches a service but where programs are. */
export function serviceEnv(more) {
  return { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8", NODE_ENV: "production", ...more };
}

const restartMs = 1000;
const logBytesMax = 32 * 1024 * 1024;
const logEveryMs = 60_000;

/** A process that is started again when it ends by itself. */
export class Service {
  constructor({ name, argv, env, cwd, logFile, onCrash }) {
    Object.assign(this, { name, argv, env, cwd, logFile, onCrash, child: null, isWanted: false });
  }

  start() {
    this.isWanted = true;
    const child = this.spawn();
    this.child = child;
    this.logTimer ??= setInterval(() => boundLog(this.logFile, logBytesMax), logEveryMs).unref();
    child.on("error", () => undefined);
    child.once("exit", (code, signal) => this.ended(signal ?? code));
    return this;
  }

  spawn() {
    const log = openSync(this.logFile, "a", 0o644);
    const [program, ...rest] = this.argv;
    try {
      // its own process group: Ctrl+C reaches the launcher only, which ends everything in order
      return spawn(program, rest, { env: this.env, cwd: this.cwd, stdio: ["ignore", log, log], detached: true });
    } finally {
      // the child has its own: kept open, a service that ends again and again would leave us without any
      closeSync(log);
    }
  }

  ended(reason) {
    this.child = null;
    if (!this.isWanted) return;
    this.onCrash?.(`${this.name} ended by itself (${reason}) and is started again; see ${this.logFile}`);
    setTimeout(() => this.isWanted && this.child === null && this.start(), restartMs);
  }

  async stop(timeoutMs = 4000) {
    this.isWanted = false;
    clearInterval(this.logTimer);
    await endChild(this.child, timeoutMs);
  }
}

/**
 * A log that has grown too long is kept as FILE.1 and begun anew. The child writes on to the same file, at its end; what it says in that
 * moment may be lost. A full disk costs the old log, never the disk.
 */
export function boundLog(file, bytesMax) {
  try {
    if (statSync(file).size <= bytesMax) return;
    try {
      copyFileSync(file, `${file}.1`);
    } finally {
      truncateSync(file);
    }
  } catch {
    // looked at again in a minute
  }
}

export function endChild(child, timeoutMs) {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
