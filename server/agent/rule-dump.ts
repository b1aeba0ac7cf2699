/**
 * The rules of one chain as the kernel lists them, as bytes: what a rule with another modulus is made from (rule-edit.ts). Lengths are
 * checked before anything is read; what does not fit is "failed", never a guess.
 */
import type { Piece } from "./element-dump.ts";

export type ListedRule = {
  /** eight bytes, as they came */
  readonly handle: Uint8Array;
  /** the list of expressions, without its own header */
  readonly expressions: Uint8Array;
  /** null: the rule has no comment */
  readonly userdata: Uint8Array | null;
};

export type Attribute = { readonly type: number; readonly start: number; readonly end: number };

const headerBytes = 16;
const nfgenBytes = 4;
const doneMessage = 3;
const newRule = (10 << 8) | 6;
const ruleHandle = 3;
const ruleExpressions = 4;
const ruleUserdata = 7;
const attributeBytes = 4;
const typeMask = 0x3fff;

/** Adds the rules in one piece of a listing to `into`, in their order. */
export function readRules(piece: Uint8Array, sequence: number, into: ListedRule[]): Piece {
  const view = viewOf(piece);
  for (let at = 0; at + headerBytes <= piece.byteLength; ) {
    const length = view.getUint32(at, true);
    if (length < headerBytes || at + length > piece.byteLength || view.getUint32(at + 8, true) !== sequence)
      return "failed";
    const type = view.getUint16(at + 4, true);
    if (type === doneMessage)
      return length < headerBytes + 4 || view.getInt32(at + headerBytes, true) >= 0 ? "end" : "failed";
    if (type !== newRule || length < headerBytes + nfgenBytes) return "failed";
    const rule = ruleIn(new Uint8Array(piece.subarray(at + headerBytes + nfgenBytes, at + length)));
    if (rule === null) return "failed";
    into.push(rule);
    at += (length + 3) & ~3;
  }
  return "more";
}

/** The attributes that stand side by side between two places. */
export function attributesIn(bytes: Uint8Array, from = 0, to = bytes.byteLength): Attribute[] {
  const view = viewOf(bytes);
  const found: Attribute[] = [];
  for (let at = from; at + attributeBytes <= to; ) {
    const length = view.getUint16(at, true);
    if (length < attributeBytes || at + length > to) break;
    found.push({ type: view.getUint16(at + 2, true) & typeMask, start: at + attributeBytes, end: at + length });
    at += (length + 3) & ~3;
  }
  return found;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ruleIn(bytes: Uint8Array): ListedRule | null {
  const found = new Map(attributesIn(bytes).map(({ type, start, end }) => [type, bytes.subarray(start, end)]));
  const handle = found.get(ruleHandle);
  const expressions = found.get(ruleExpressions);
  if (handle?.byteLength !== 8 || expressions === undefined) return null;
  return { handle, expressions, userdata: found.get(ruleUserdata) ?? null };
}
