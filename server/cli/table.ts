/**
 * Tables for people: columns as wide as their content. Where the screen is narrower, columns that can be done without go first, then
 * the widest is cut.
 */
import type { Screen } from "./world.ts";

export type Tone = "good" | "warn" | "bad" | "dim" | "strong" | "plain";
export type Cell = string | { readonly text: string; readonly tone: Tone };
export type Column = {
  readonly title: string;
  readonly align?: "left" | "right";
  /** left out where the screen is too narrow, highest first; a column without it always stays */
  readonly spare?: number;
};

const gap = "  ";
const cutMin = 6;

/** Lines without ends. An empty table is its head alone. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], screen: Screen): string[] {
  const natural = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(textOfCell(row[at] ?? "")))),
  );
  const places = shownColumns(columns, natural, screen.columns);
  const widths = fittedWidths(
    places.map((at) => natural[at] ?? 0),
    screen.columns,
  );
  const head = columns.map(({ title }): Cell => ({ text: title, tone: "dim" }));
  return [head, ...rows].map((row) =>
    places
      .map((at, place) => {
        const isLast = place === places.length - 1;
        return cellText(row[at] ?? "", widths[place] ?? 0, columns[at]?.align ?? "left", isLast, screen);
      })
      .join(gap)
      .trimEnd(),
  );
}

export function paint(text: string, tone: Tone, screen: Screen): string {
  const code = codes[tone];
  return screen.hasColor && code !== null && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** A line cut to the screen, for places where a wrapped line would spoil the picture. */
function cut(text: string, columns: number | null): string {
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

/** Places of the columns there is room for. */
function shownColumns(columns: readonly Column[], widths: readonly number[], room: number | null): number[] {
  let places = columns.map((_, at) => at);
  const spare = places
    .filter((at) => columns[at]?.spare !== undefined)
    .sort((a, b) => (columns[b]?.spare ?? 0) - (columns[a]?.spare ?? 0));
  for (const at of spare) {
    if (room === null || totalOf(places.map((place) => widths[place] ?? 0)) <= room) break;
    places = places.filter((place) => place !== at);
  }
  return places;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
}

/** Takes from the widest column until the row fits, as long as something readable is left. */
function fittedWidths(widths: readonly number[], columns: number | null): number[] {
  const fitted = [...widths];
  if (columns === null) return fitted;
  let over = totalOf(fitted) - columns;
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
