/** A text looked for in bytes that come in pieces; no more is kept than what a match could begin with. */
export type TextSearch = {
  /** true = found */
  push(piece: Buffer): boolean;
  isFound(): boolean;
};

export function createTextSearch(text: string): TextSearch {
  const wanted = Buffer.from(text, "latin1");
  let kept = Buffer.alloc(0);
  let isFound = wanted.length === 0;
  return {
    push(piece) {
      if (isFound) return true;
      const seam = Buffer.concat([kept, piece.subarray(0, wanted.length - 1)]);
      isFound = piece.includes(wanted) || seam.includes(wanted);
      const whole = piece.length >= wanted.length ? piece : Buffer.concat([kept, piece]);
      // a copy: the piece belongs to a larger buffer
      kept = Buffer.from(whole.subarray(Math.max(0, whole.length - wanted.length + 1)));
      return isFound;
    },
    isFound: () => isFound,
  };
}
