/**
 * An executable of the host, by its name: it gets address and port as arguments, no environment and no input, and 0 means up. Only root may
 * have put it there, for it runs as our user. It ends with us, and all it started ends with it.
 */
import { spawn } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import { beginAttempt, type Done, type Place, shortQuote } from "../attempt.ts";

export type ExternalAsked = { readonly command: string; readonly folder: string };

const outputBytesMax = 200;
const memoryBytesMax = 1024 * 1024 * 1024;
const fileBytesMax = 16 * 1024 * 1024;
const filesMax = 256;
const writableByOthers = 0o022;
const sticky = 0o1000;
const setIds = 0o6000;
const executable = 0o111;
/** for what a process that left its group may still hold open */
const closingMs = 100;
const nothing: NodeJS.ProcessEnv = Object.create(null);

export function checkExternal({ command, folder }: ExternalAsked, place: Place, done: Done): void {
  const file = `${folder}/${command}`;
  const refusal = /^[a-z0-9][a-z0-9._-]{0,62}$/.test(command) ? refusedFile(folder, file) : "no name of a check";
  if (refusal !== null) {
    const attempt = beginAttempt(place.timeoutMs, done, { free: () => undefined });
    attempt.bad("cannot-check", refusal);
    return;
  }
  run([...bounded(place.timeoutMs), file, place.address, String(place.port)], place, done);
}

function run([program = "", ...args]: readonly string[], place: Place, done: Done): void {
  const child = spawn(program, args, {
    // of its own group, so that whatever it starts ends with it
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    env: nothing,
    cwd: "/",
  });
  const attempt = beginAttempt(place.timeoutMs, done, {
    free: () => {
      endGroup(child.pid);
      child.stdout.destroy();
    },
    onDeadline: () => attempt.bad("timeout", `not ended within ${place.timeoutMs} ms`),
  });
  let output = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (piece: string) => {
    if (output.length < outputBytesMax) output = (output + piece).slice(0, outputBytesMax);
  });
  child.stdout.on("error", () => undefined);
  child.on("error", () => attempt.bad("cannot-check", "the command cannot be started"));
  child.on("exit", (code, signal) => {
    // whoever is left of its group holds the pipe open
    endGroup(child.pid);
    const timer = setTimeout(judge, closingMs);
    child.once("close", judge);
    function judge(): void {
      clearTimeout(timer);
      const said = shortQuote(output.split("\n")[0] ?? "");
      const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
      if (code === 0) attempt.good(said);
      else attempt.bad("unhealthy", said === "" ? how : `${how}: ${said}`);
    }
  });
}

/** CPU, memory and files are bounded by the kernel; `setpriv` ends it when we are killed. */
function bounded(timeoutMs: number): string[] {
  const cpuS = Math.ceil(timeoutMs / 1000) + 1;
  const [setpriv, prlimit] = ["/usr/bin/setpriv", "/usr/bin/prlimit"];
  return [
    ...(existsSync(setpriv) ? [setpriv, "--pdeathsig=KILL"] : []),
    ...(existsSync(prlimit)
      ? [
          prlimit,
          `--cpu=${cpuS}`,
          `--as=${memoryBytesMax}`,
          `--nofile=${filesMax}`,
          "--core=0",
          `--fsize=${fileBytesMax}`,
        ]
      : []),
  ];
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // all of it has ended
  }
}

/** Why this file is not run; null = root alone decides what it is. */
function refusedFile(folder: string, file: string): string | null {
  try {
    for (let place = folder; ; place = dirname(place)) {
      const { uid, mode } = lstatSync(place);
      const isOthers = uid !== 0 || ((mode & writableByOthers) !== 0 && ((mode & sticky) === 0 || place === folder));
      if (isOthers) return "the folder of checks, or one above it, may be changed by others than root";
      if (place === "/" || place === ".") break;
    }
    const { uid, mode, isFile } = statOf(file);
    if (!isFile) return "the command is not a file";
    if (uid !== 0 || (mode & writableByOthers) !== 0) return "the command may be changed by others than root";
    if ((mode & setIds) !== 0) return "the command would run as another user";
    return (mode & executable) === 0 ? "the command is not executable" : null;
  } catch {
    return "there is no such command in the folder of checks";
  }
}

function statOf(file: string): { readonly uid: number; readonly mode: number; readonly isFile: boolean } {
  const stat = lstatSync(file);
  return { uid: stat.uid, mode: stat.mode, isFile: stat.isFile() };
}
