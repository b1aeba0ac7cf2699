/** What a foreign hand did and that it was put right, as one event and as the diff behind it. */
import { driftWords } from "./drift-words.ts";
import type { Found } from "./kernel-words.ts";
import type { State } from "./plan.ts";

export type DriftReport = {
  readonly text: string;
  readonly farmId: string | null;
  /** `-` what was found, `+` what was put back; at most 20 differences */
  readonly lines: readonly string[];
};

const textMax = 400;

/** `who`: the processes that wrote, null = not known. `what`: the repair in words, when there is nothing to compare. */
export function driftReport(
  reason: string,
  what: string,
  found: Found | null,
  state: State,
  who: string | null,
): DriftReport {
  const words = found === null ? null : driftWords(found, state);
  const detail = words === null || words.text === "" ? what : `${words.text}; put right`;
  const head = who === null ? reason : `${who} ${found === null ? "emptied our rules" : "changed the rules"}`;
  const text = `${head}: ${detail}`;
  return {
    text: text.length > textMax ? `${text.slice(0, textMax - 3)}...` : text,
    farmId: words?.farmId ?? null,
    lines: words?.lines ?? [],
  };
}
