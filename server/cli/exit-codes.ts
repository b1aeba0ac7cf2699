/** What a command's end means to a script. */
import type { Failure } from "../core/result.ts";

export const exit = {
  done: 0,
  /** the document, the change or the caller was refused; nothing was changed */
  refused: 1,
  noAgent: 2,
  /** the change was asked for and its outcome is not known yet */
  unknown: 3,
  /** `diff --exit-code`: there is a difference */
  differs: 4,
  /** the command line itself is wrong */
  usage: 64,
  /** a fault of the command itself */
  failed: 70,
} as const;

export function exitOf(failure: Failure): number {
  if (failure.code === "agent-down" || failure.code === "protocol") return exit.noAgent;
  return failure.code === "outcome-unknown" ? exit.unknown : exit.refused;
}
