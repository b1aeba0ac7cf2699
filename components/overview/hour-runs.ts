/** The states of an hour as runs of minutes, and in words. Pure. */
import { farmWordText } from "@/components/ui/status-words.ts";
import type { FarmWord } from "@/server/core/farm/types.ts";

/** `word` null: not known. Minutes are counted from the strip's beginning. */
export type StripRun = { readonly word: FarmWord | null; readonly from: number; readonly minutes: number };

const worstFirst: readonly (FarmWord | null)[] = [
  ...(["down", "critical", "problem", "unknown", null] as const),
  ...(["stopped", "maintenance", "not-checked", "up"] as const),
];

/** What is before the first known minute belongs to no run: the farm was not there yet. */
export function runsOf(words: readonly (FarmWord | null)[]): StripRun[] {
  const first = words.findIndex((word) => word !== null);
  const runs: StripRun[] = [];
  for (let at = first < 0 ? words.length : first; at < words.length; at++) {
    const word = words[at] ?? null;
    const last = runs.at(-1);
    if (last?.word === word) runs[runs.length - 1] = { ...last, minutes: last.minutes + 1 };
    else runs.push({ word, from: at, minutes: 1 });
  }
  return runs;
}

/** "Down 4 min, Up 56 min": the worst first. */
export function stripText(runs: readonly StripRun[]): string {
  const minutesOf = (word: FarmWord | null) =>
    runs.filter((run) => run.word === word).reduce((sum, { minutes }) => sum + minutes, 0);
  return worstFirst
    .map((word) => ({ word, minutes: minutesOf(word) }))
    .filter(({ minutes }) => minutes > 0)
    .map(({ word, minutes }) => `${word === null ? "Not known" : farmWordText(word)} ${minutes} min`)
    .join(", ");
}
