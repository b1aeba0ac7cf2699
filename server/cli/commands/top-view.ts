/** What a key does to the live table, and how much of it a terminal shows. Pure. */

export type TopView = {
  /** lines scrolled past */
  readonly offset: number;
  readonly order: "traffic" | "name";
};

export const firstView: TopView = { offset: 0, order: "traffic" };

/** lines that stay when the others scroll: totals, an empty one, titles */
const headLines = 3;
/** less than this and everything scrolls */
const roomForHead = 6;

/** `page`: lines a page key moves by; null = the table ends. A key that means nothing changes nothing. */
export function afterKey(view: TopView, key: string, page: number): TopView | null {
  if (key === "q") return null;
  if (key === "s") return { offset: 0, order: view.order === "traffic" ? "name" : "traffic" };
  const moved = moves[key];
  if (moved === undefined) return view;
  return { ...view, offset: Math.max(0, moved(view.offset, Math.max(1, page))) };
}

const moves: Readonly<Record<string, (offset: number, page: number) => number>> = {
  "\u001b[A": (offset) => offset - 1,
  k: (offset) => offset - 1,
  "\u001b[B": (offset) => offset + 1,
  j: (offset) => offset + 1,
  "\u001b[5~": (offset, page) => offset - page,
  "\u001b[6~": (offset, page) => offset + page,
  " ": (offset, page) => offset + page,
  "\u001b[H": () => 0,
  "\u001b[F": () => Number.MAX_SAFE_INTEGER,
};

export type Shown = {
  readonly lines: readonly string[];
  /** where it could be scrolled to at most */
  readonly offset: number;
  readonly page: number;
};

/** The part of the lines that fits, and a last line that says which it is and what the keys do. */
export function shownLines(lines: readonly string[], { offset, order }: TopView, rows: number | null): Shown {
  const room = rows === null ? lines.length + 1 : Math.max(2, rows - 1);
  const head = room >= roomForHead ? lines.slice(0, headLines) : [];
  const body = lines.slice(head.length);
  const page = room - head.length - 1;
  const from = Math.min(offset, Math.max(0, body.length - page));
  const to = Math.min(body.length, from + page);
  const part = body.length > page ? `${from + 1}-${to} of ${body.length}, arrows and page keys scroll, ` : "";
  const keys = `s sorts by ${order === "traffic" ? "name" : "traffic"}, q ends`;
  return { lines: [...head, ...body.slice(from, to), `${part}${keys}`], offset: from, page };
}
