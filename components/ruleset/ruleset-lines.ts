/** The listing as lines for the page: what matches a search, and how many. Pure. */

export type RulesetLine = { readonly number: number; readonly text: string };

/** Slots and marks as they stand everywhere else: the kernel lists an offset in decimal. Still the same nft text. */
export function withHexOffsets(text: string): string {
  return text.replace(
    /\boffset ([0-9]+)\b/g,
    (_, decimal: string) => `offset 0x${Number(decimal).toString(16).padStart(8, "0")}`,
  );
}

/** Lines that hold the text, with the numbers they have in the whole. */
export function findLines(text: string, search: string): { lines: readonly RulesetLine[]; matches: number } {
  const all = text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => ({ number: index + 1, text: line }));
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return { lines: all, matches: all.length };
  const found = all.filter((line) => line.text.toLowerCase().includes(wanted));
  return { lines: found, matches: found.length };
}

export type Piece = { readonly text: string; readonly isHit: boolean };

/** The line cut at each hit, so that it can be marked. */
export function piecesOf(text: string, search: string): readonly Piece[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return [{ text, isHit: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.toLowerCase().indexOf(wanted); at >= 0; at = text.toLowerCase().indexOf(wanted, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), isHit: false });
    pieces.push({ text: text.slice(at, at + wanted.length), isHit: true });
    from = at + wanted.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isHit: false });
  return pieces;
}
