/** The launcher's end: on SIGTERM, SIGINT, or when npm above it is gone, web first and then the lab, whatever was started so far. */
import { existsSync, readFileSync } from "node:fs";

const parentPollMs = 250;

export class Stopper {
  lab = null;
  web = null;
  input = null;
  isStopping = false;
  /** why it stops when nobody asked for it */
  reason = null;

  constructor() {
    this.asked = new Promise((resolve) => {
      this.resolve = resolve;
    });
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => this.ask());
  }

  ask() {
    this.isStopping = true;
    this.resolve();
  }

  /** Waits, but not when it is asked to end. */
  async pause(ms) {
    let timer;
    const over = new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([over, this.asked]);
    clearTimeout(timer);
  }

  /** A launcher that may not send us a signal holds the other end: it ends when that one wants so, or is gone. */
  askAtEndOf(input) {
    this.input = input;
    input
      .on("end", () => this.ask())
      .on("error", () => this.ask())
      .resume();
  }

  lost(reason) {
    if (this.isStopping) return;
    this.reason = reason;
    process.stderr.write(`${reason}\n`);
    process.exitCode = 1;
    this.ask();
  }

  async stop() {
    this.isStopping = true;
    this.input?.destroy();
    await this.web?.stop();
    await this.lab?.close();
  }
}

/**
 * `kill -9` of npm leaves us alone in the world: end then, too, also while we still build. A signal to ourselves: the Stopper hears it once
 * there is one, before that it simply ends us.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const above = parentsUpToNpm();
  if (above.length === 0) return;
  const timer = setInterval(() => {
    if (above.every((one) => startOf(one.pid) === one.start)) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, parentPollMs);
  timer.unref();
}

/** Our parents (npm's shell, npm itself), each with its start time: a pid alone may be given to another process. */
function parentsUpToNpm() {
  const found = [];
  let pid = process.ppid;
  while (pid > 1 && found.length < 4) {
    const command = readProc(pid, "cmdline").replaceAll("\0", " ");
    found.push({ pid, start: startOf(pid) });
    if (/\bnpm\b/.test(command) && !/^(\/bin\/)?(ba|da)?sh /.test(command)) return found;
    pid = Number(statFields(pid)[1] ?? 0);
  }
  return [];
}

function startOf(pid) {
  return statFields(pid)[19] ?? null;
}

/** Fields of /proc/PID/stat after the name in brackets: state, parent, ... */
function statFields(pid) {
  const text = readProc(pid, "stat");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readProc(pid, name) {
  const file = `/proc/${pid}/${name}`;
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}
