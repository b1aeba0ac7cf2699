/**
 * The rules of one chain as the kernel lists them, as bytes: what a rule with another modulus is made from (rule-edit.ts).
 */
import { subsystem } from "./element-messages.ts";
import { attributesIn, headerBytes, nfgenBytes, type Piece, readMessages } from "./netlink-read.ts";

export type ListedRule = {
  /** eight bytes, as they came */
  readonly handle: Uint8Array;
  /** the list of expressions, without its own header */
  readonly expressions: Uint8Array;
  /** null: the rule has no comment */
  readonly userdata: Uint8Array | null;
};

export const newRule = (subsystem << 8) | 6;
const ruleHandle = 3;
const ruleExpressions = 4;
const ruleUserdata = 7;

/** Adds the rules in one piece of a listing to `into`, in their order. */
export function readRules(piece: Uint8Array, sequence: number, into: ListedRule[]): Piece {
  return readMessages(piece, { sequence, type: newRule }, (start, end) => {
    const rule = ruleIn(new Uint8Array(piece.subarray(start + headerBytes + nfgenBytes, end)));
    if (rule !== null) into.push(rule);
    return rule !== null;
  });
}

function ruleIn(bytes: Uint8Array): ListedRule | null {
  const found = new Map(attributesIn(bytes).map(({ type, start, end }) => [type, bytes.subarray(start, end)]));
  const handle = found.get(ruleHandle);
  const expressions = found.get(ruleExpressions);
  if (handle?.byteLength !== 8 || expressions === undefined) return null;
  return { handle, expressions, userdata: found.get(ruleUserdata) ?? null };
}
