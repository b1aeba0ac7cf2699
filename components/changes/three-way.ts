/**
 * Three-way comparison of two edits of one base, for the conflict view. A side is a list of cells by key; equality is by
 * the text people see. A key that a side lacks was removed there (null). Nothing is decided here: rows changed by both
 * sides wait for a choice.
 */

type Cell = { readonly label: string; readonly text: string };
export type Side = ReadonlyMap<string, Cell>;

export type ThreeWayRow = {
  readonly key: string;
  readonly label: string;
  readonly base: string | null;
  readonly yours: string | null;
  readonly theirs: string | null;
  readonly changedBy: "both" | "yours" | "theirs" | "agreed";
};

export type Choice = "yours" | "theirs";

/** Rows somebody changed, in the order of base, then what theirs added, then what yours added. */
export function threeWay(base: Side, yours: Side, theirs: Side): ThreeWayRow[] {
  const keys = [...new Set([...base.keys(), ...theirs.keys(), ...yours.keys()])];
  return keys.flatMap((key) => {
    const texts = { base: text(base, key), yours: text(yours, key), theirs: text(theirs, key) };
    const mine = texts.yours !== texts.base;
    const other = texts.theirs !== texts.base;
    if (!mine && !other) return [];
    const label = (yours.get(key) ?? theirs.get(key) ?? base.get(key))?.label ?? key;
    const both = texts.yours === texts.theirs ? "agreed" : "both";
    return [{ key, label, ...texts, changedBy: mine && other ? both : mine ? "yours" : "theirs" }];
  });
}

/** Which side each row takes: the only changer, or the choice for rows that both changed (yours until told otherwise). */
export function resolve(rows: readonly ThreeWayRow[], choices: ReadonlyMap<string, Choice>): Map<string, Choice> {
  return new Map(
    rows.map((row): [string, Choice] => {
      if (row.changedBy === "both") return [row.key, choices.get(row.key) ?? "yours"];
      return [row.key, row.changedBy === "yours" ? "yours" : "theirs"];
    }),
  );
}

function text(side: Side, key: string): string | null {
  return side.get(key)?.text ?? null;
}
