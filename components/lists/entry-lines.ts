/** Networks as typed in a box, an entry a line. */

/** Entries with the line each stands on, from 1. A comma separates as a line does. */
export function entriesOf(text: string): { entry: string; line: number }[] {
  return text.split("\n").flatMap((words, at) =>
    words
      .split(/[,;]/)
      .map((entry) => ({ entry: entry.trim(), line: at + 1 }))
      .filter(({ entry }) => entry !== ""),
  );
}
