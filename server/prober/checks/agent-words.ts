/**
 * HAProxy's agent-check: one line of words, separated by spaces, tabs or commas, upper or lower case, then perhaps `#` and a
 * description. Words that are not known are passed over, as HAProxy does; a line without any known word is no answer.
 */
import type { Seen } from "../attempt.ts";
import { shortQuote } from "../attempt.ts";

export type AgentLine = {
  /** null = it says nothing about its health */
  readonly isUp: boolean | null;
  /** the word that says it is not up */
  readonly word: string;
  readonly seen: Seen;
  readonly description: string;
};

const wishes = { ready: "ready", drain: "drain", maint: "maintenance" } as const;
/** the manual says "failed", HAProxy itself takes "fail" */
const downs = new Set(["down", "failed", "fail", "stopped"]);
const percentMax = 1000;

export function parseAgentLine(line: string): AgentLine | null {
  const hash = line.indexOf("#");
  const words = (hash < 0 ? line : line.slice(0, hash))
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  let isUp: boolean | null = null;
  let downWord = "";
  let known = 0;
  const seen: Seen = {};
  for (const word of words) {
    const percent = /^([0-9]{1,4})%$/.exec(word)?.[1];
    known += 1;
    if (word === "up") isUp = true;
    else if (downs.has(word)) [isUp, downWord] = [false, word];
    else if (word === "ready" || word === "drain" || word === "maint") seen.wish = wishes[word];
    else if (percent !== undefined) seen.weightPct = Math.min(percentMax, Number(percent));
    else if (!/^maxconn:[0-9]{1,9}$/.test(word)) known -= 1;
  }
  const description = hash < 0 ? "" : shortQuote(line.slice(hash + 1));
  return known === 0 ? null : { isUp, word: downWord, seen, description };
}
