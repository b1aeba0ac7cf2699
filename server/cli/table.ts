/** Tables for people: columns as wide as their content, the widest cut first where the screen is narrower, colour only by its name. */
import type { Screen } from "./world.ts";

export type Tone = "good" | "warn" | "bad" | "dim" | "strong" | "plain";
export type Cell = string | { readonly text: string; readonly tone: Tone };
export type Column = { readonly title: string; readonly align?: "left" | "right" };

const gap = "  ";
const cutMin = 6;

/** Lines without ends. An empty table is its head alone. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], screen: Screen): string[] {
  const head = columns.map(({ title }): Cell => ({ text: title, tone: "dim" }));
  const all = [head, ...rows];
  const widths = fittedWidths(
    columns.map((_, at) => Math.max(...all.map((row) => widthOf(textOfCell(row[at] ?? ""))))),
    screen.columns,
  );
  return all.map((row) =>
    columns
      .map(({ align = "left" }, at) =>
        cellText(row[at] ?? "", widths[at] ?? 0, align, at === columns.length - 1, screen),
      )
      .join(gap)
      .trimEnd(),
  );
}

export function paint(text: string, tone: Tone, screen: Screen): string {
  const code = codes[tone];
  return screen.hasColor && code !== null && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** A line cut to the screen, for places where a wrapped line would spoil the picture. */
export function cut(text: string, columns: number | null): string {
  return columns === null || widthOf(text) <= columns
    ? text
    : `${[...text].slice(0, Math.max(0, columns - 1)).join("")}…`;
}

const codes: Readonly<Record<Tone, string | null>> = {
  good: "32",
  warn: "33",
  bad: "31",
  dim: "2",
  strong: "1",
  plain: null,
};

function textOfCell(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** Takes from the widest column until the row fits, as long as something readable is left. */
function fittedWidths(widths: readonly number[], columns: number | null): number[] {
  const fitted = [...widths];
  if (columns === null) return fitted;
  let over = fitted.reduce((sum, width) => sum + width, gap.length * (fitted.length - 1)) - columns;
  while (over > 0) {
    const widest = Math.max(...fitted);
    if (widest <= cutMin) return fitted;
    fitted[fitted.lastIndexOf(widest)] = widest - 1;
    over--;
  }
  return fitted;
}

function cellText(cell: Cell, width: number, align: "left" | "right", isLast: boolean, screen: Screen): string {
  const text = cut(textOfCell(cell), width);
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  const painted = paint(text, typeof cell === "string" ? "plain" : cell.tone, screen);
  if (align === "right") return `${space}${painted}`;
  return isLast ? painted : `${painted}${space}`;
}

function widthOf(text: string): number {
  return [...text].length;
}
