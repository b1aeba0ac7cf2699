/**
 * Steps a person can follow: each names itself as it begins and says how long it took. What must be told to a person and ends the
 * command is a Problem: one clear sentence, no stack.
 */
import { spawn } from "node:child_process";

export class Problem extends Error {}

const edgeLines = 15;

/** Runs `work` as a named step. */
export async function step(name, work) {
  const startedMs = Date.now();
  process.stdout.write(`- ${name}\n`);
  const value = await work();
  const seconds = (Date.now() - startedMs) / 1000;
  if (seconds >= 1) process.stdout.write(`  done in ${seconds.toFixed(1)} s\n`);
  return value;
}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a program to its end, argv only. Quiet unless it fails; then the last lines of what it said go to the terminal. */
export async function run(argv, options = {}) {
  const done = await capture(argv, options);
  if (done.code === 0) return done;
  if (options.isQuiet !== true) process.stderr.write(`${shortened(done.output)}\n`);
  throw new Problem(options.problem ?? fullDisk(done.output) ?? `${argv.join(" ")} failed (${done.reason}).`);
}

/** A long output's beginning and end: npm says what is wrong first, compilers last. */
function shortened(output) {
  const lines = output.trimEnd().split("\n");
  if (lines.length <= 2 * edgeLines) return lines.join("\n");
  return [
    ...lines.slice(0, edgeLines),
    `... ${lines.length - 2 * edgeLines} lines ...`,
    ...lines.slice(-edgeLines),
  ].join("\n");
}

/** Runs a program and gives back its code and output; never throws. */
export function capture(argv, { cwd, env, input = "" } = {}) {
  return new Promise((resolve) => {
    const [program, ...rest] = argv;
    const child = spawn(program, rest, { cwd, env: env ?? process.env, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => resolve({ code: 127, output: error.message, stdout: "", reason: error.message }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? 1, output, stdout, reason: signal ?? `exit code ${code}` }),
    );
    child.stdin.end(input);
  });
}

/**
 * Runs a program that talks to the terminal itself. Resolves to its exit code. With `until` its input is a pipe that ends then, or with us.
 * @param {string[]} argv
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdin?: "ignore" | "inherit", until?: Promise<unknown> }} options
 * @returns {Promise<number>}
 */
export function show(argv, { cwd, env, stdin = "ignore", until } = {}) {
  return new Promise((resolve) => {
    const [program, ...rest] = argv;
    const input = until === undefined ? stdin : "pipe";
    const child = spawn(program, rest, { cwd, env: env ?? process.env, stdio: [input, "inherit", "inherit"] });
    until?.then(() => child.stdin?.end());
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** The sentence for a full disk, wherever it showed. */
export function fullDisk(text) {
  return /ENOSPC|No space left on device|SQLITE_FULL|database or disk is full/i.test(text)
    ? "The disk is full; free some space and start again."
    : undefined;
}

/** Runs a whole command: a Problem is one sentence and exit code 1, anything else keeps its stack. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** What a person is told of it. */
export function sentenceOf(error) {
  return error instanceof Problem
    ? error.message
    : (fullDisk(String(error?.code ?? error)) ?? String(error?.stack ?? error));
}
