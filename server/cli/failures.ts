/** Failures as people and programs read them. Always on standard error; standard output stays empty when something is refused. */
import type { Failure, Issue } from "../core/result.ts";
import { type Call, isOn } from "./command.ts";
import { exitOf } from "./exit-codes.ts";
import { printable } from "./printable.ts";

/** An issue, with where it stands in the file. */
export type PlacedIssue = Issue & { readonly line?: number; readonly column?: number };

/** One sentence; answers the exit code. */
export function reportFailure(call: Call, failure: Failure): number {
  if (isOn(call.values, "json")) call.world.err(`${JSON.stringify({ error: shownFailure(failure) })}\n`);
  else call.world.err(`sluice: ${printable(failure.text)}\n`);
  return exitOf(failure);
}

/** Every issue on a line of its own: `FILE:LINE:COLUMN: path: sentence`. */
export function reportIssues(call: Call, file: string, failure: Failure, issues: readonly PlacedIssue[]): number {
  if (isOn(call.values, "json")) {
    call.world.err(`${JSON.stringify({ error: { ...shownFailure(failure), file, issues } })}\n`);
    return exitOf(failure);
  }
  const lines = issues.map((issue) => `${printable(`${placeOf(file, issue)}: ${sentenceOf(issue)}`)}\n`);
  const count = issues.length === 1 ? "1 error" : `${issues.length} errors`;
  call.world.err(`${lines.join("")}sluice: ${count} in ${printable(fileName(file))}; nothing was done\n`);
  return exitOf(failure);
}

export function fileName(file: string): string {
  return file === "-" ? "standard input" : file;
}

function placeOf(file: string, { line, column }: PlacedIssue): string {
  const name = file === "-" ? "<stdin>" : file;
  return line === undefined || column === undefined ? name : `${name}:${line}:${column}`;
}

function sentenceOf({ path, message }: Issue): string {
  return path === "" ? message : `${path}: ${message}`;
}

function shownFailure({ code, text, retry }: Failure) {
  return { code, text, retry };
}
