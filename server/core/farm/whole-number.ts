/** A whole number with both bounds in its message. */
import * as z from "zod/mini";

export function whole(from: number, to: number, what: string) {
  const text = `${what} is a whole number from ${from} to ${to.toLocaleString("en")}`;
  return z.int(text).check(z.gte(from, text), z.lte(to, text));
}
