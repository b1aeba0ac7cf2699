/** Opens the lab's process (dist/lab.mjs serve) and waits until it is ready. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { inCheckout } from "./checkout.mjs";
import { endChild } from "./processes.mjs";
import { capture, fullDisk, Problem } from "./steps.mjs";

/** agent, prober, web, and the rest in a row */
const firstUid = 64_801;
export const webUser = { uid: firstUid + 2, gid: firstUid + 2 };
const lastLockWaitS = 10;
const closeTimeoutMs = 8000;

export function labState(asked, env = process.env) {
  if (asked !== undefined) return asked;
  if (process.getuid() === 0) return "/var/lib/sluice-lab";
  return `${env.XDG_STATE_HOME ?? `${homedir()}/.local/state`}/sluice-lab`;
}

/** Refuses when a lab runs on this state folder; waits for one that is just ending. */
export async function waitForState(stateFolder) {
  const file = `${stateFolder}/lock`;
  if (!existsSync(file) || (await capture(["flock", "-n", file, "true"])).code === 0) return;
  const pid = Number(readFileSync(file, "utf8"));
  if (existsSync(`/proc/${pid}`))
    throw new Problem(
      `The lab is already running (process ${pid}). Look at it with "npm run lab -- status", or end it first.`,
    );
  await capture(["flock", "-w", String(lastLockWaitS), file, "true"]);
}

export function makeStateFolder(stateFolder) {
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o755 });
  } catch ({ code }) {
    throw new Problem(
      fullDisk(code) ?? `The lab's state cannot be kept in ${stateFolder} (${code}); choose a folder with --state.`,
    );
  }
}

export async function openLab(stateFolder) {
  const isRoot = process.getuid() === 0;
  const serve = [process.execPath, inCheckout("dist/lab.mjs"), "serve", JSON.stringify(optionsOf(stateFolder, isRoot))];
  const argv = isRoot
    ? ["setpriv", "--pdeathsig=TERM", ...serve]
    : ["setpriv", "--pdeathsig=KILL", ...inUserNamespace, "lab", ...serve];
  const [program, ...rest] = argv;
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const places = await readiness(child);
  return { places, child, close: () => closeLab(child) };
}

/** Everything of an ordinary user's lab lives in here and dies with it. */
const inUserNamespace = [
  ...["unshare", "-Urnmp", "--fork", "--kill-child", "--mount-proc", "sh", "-c"],
  'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"',
];

function optionsOf(stateFolder, isRoot) {
  const temporary = /^\/(var\/)?run(\/|$)/.test(tmpdir()) ? "/tmp" : tmpdir();
  return {
    runId: randomBytes(3).toString("hex"),
    runsFolder: `${temporary}/sluice-${process.getuid()}`,
    stateFolder,
    launcherPid: process.pid,
    firstUid: isRoot ? firstUid : null,
    distFolder: inCheckout("dist"),
    modulesFolder: inCheckout("node_modules"),
    node: process.execPath,
    chunkElements: isRoot ? null : 4000,
  };
}

function readiness(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    let complaint = "";
    child.stderr.on("data", (text) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdout.on("data", (text) => {
      said += text;
      if (!said.includes("\n")) return;
      const line = JSON.parse(said.slice(0, said.indexOf("\n")));
      if (line.ready) resolve(line);
      else reject(new Problem(fullDisk(line.problem) ?? `The lab did not open: ${line.problem}.`));
    });
    child.once("error", (error) => reject(new Problem(`The lab did not start: ${error.message}.`)));
    child.once("exit", (code) =>
      reject(new Problem(fullDisk(complaint) ?? `The lab ended before it was ready (${code}): ${complaint.trim()}`)),
    );
  });
}

async function closeLab(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  // unshare blocks SIGTERM, so the closed input is what tells the lab to end
  child.stdin.end();
  const timer = setTimeout(() => void endChild(child, 0), closeTimeoutMs);
  await ended;
  clearTimeout(timer);
}
