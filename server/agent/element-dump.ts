/**
 * The kernel's own listing of a set's elements, as bytes: keys that are marks, and the counter of each. What nft prints as JSON costs ten
 * times as much, and nft begins anew whenever a transaction comes in between; counter-dump.ts looks a second time then.
 * Lengths are checked before anything is read; an attribute that does not fit ends its message, never the agent.
 */
import { elementKey, listElements, newElements } from "./element-messages.ts";
import { headerBytes, nfgenBytes, type Piece, readMessages, viewOf } from "./netlink-read.ts";

export type ReadElement = (key: number, packets: number, bytes: number) => void;

/** Every element with a key of four bytes and a counter in one piece of a listing. */
export function readElements(piece: Uint8Array, sequence: number, each: ReadElement): Piece {
  const view = viewOf(piece);
  return readMessages(piece, { sequence, type: newElements }, (start, end) => {
    readList(view, start + headerBytes + nfgenBytes, end, each);
    return true;
  });
}

/** The low bits of the rules' generation as the piece was made; null where it holds no elements. */
export function generationOf(piece: Uint8Array): number | null {
  const view = viewOf(piece);
  const hasElements = view.byteLength >= headerBytes + nfgenBytes && view.getUint16(4, true) === newElements;
  return hasElements ? view.getUint16(headerBytes + 2, false) : null;
}

const elementExpression = 7;
const elementExpressions = 11;
const expressionName = 1;
const expressionData = 2;
const counterBytes = 1;
const counterPackets = 2;
const markBytes = 4;
const counterName = "counter";

function readList(view: DataView, from: number, to: number, each: ReadElement): void {
  for (let at = from; isWhole(view, at, to); at = next(view, at)) {
    if (typeAt(view, at) !== listElements) continue;
    const end = endOf(view, at);
    for (let element = at + attributeBytes; isWhole(view, element, end); element = next(view, element))
      readElement(view, element + attributeBytes, endOf(view, element), each);
  }
}

/** Hundreds of thousands a second: nothing is made that is thrown away again. */
function readElement(view: DataView, from: number, to: number, each: ReadElement): void {
  const key = find(view, from, to, elementKey);
  const counter = counterOf(view, from, to);
  if (key < 0 || counter < 0) return;
  const mark = key + 2 * attributeBytes;
  if (endOf(view, key) - mark !== markBytes) return;
  const data = find(view, counter + attributeBytes, endOf(view, counter), expressionData);
  // marks are in the order of the machine
  each(view.getUint32(mark, true), numberIn(view, data, counterPackets), numberIn(view, data, counterBytes));
}

/** Where the element's counter begins, one expression of it or among several; -1 = it has none. */
function counterOf(view: DataView, from: number, to: number): number {
  const only = find(view, from, to, elementExpression);
  if (only >= 0 && isCounter(view, only)) return only;
  const several = find(view, from, to, elementExpressions);
  if (several < 0) return -1;
  const end = endOf(view, several);
  for (let at = several + attributeBytes; isWhole(view, at, end); at = next(view, at))
    if (isCounter(view, at)) return at;
  return -1;
}

function isCounter(view: DataView, expression: number): boolean {
  const name = find(view, expression + attributeBytes, endOf(view, expression), expressionName);
  if (name < 0 || endOf(view, name) - name !== attributeBytes + counterName.length + 1) return false;
  for (let at = 0; at < counterName.length; at++)
    if (view.getUint8(name + attributeBytes + at) !== counterName.charCodeAt(at)) return false;
  return true;
}

/** 0 where the counter does not say it. */
function numberIn(view: DataView, data: number, field: number): number {
  const at = data < 0 ? -1 : find(view, data + attributeBytes, endOf(view, data), field);
  return at < 0 || endOf(view, at) - at !== attributeBytes + 8 ? 0 : wide(view, at + attributeBytes);
}

/** 64 bits in network order; exact up to 2^53. */
function wide(view: DataView, at: number): number {
  return view.getUint32(at, false) * 2 ** 32 + view.getUint32(at + 4, false);
}

const attributeBytes = 4;
const typeMask = 0x3fff;

/** Where the attribute of this type begins; -1 = there is none that is whole. */
function find(view: DataView, from: number, to: number, type: number): number {
  for (let at = from; isWhole(view, at, to); at = next(view, at)) if (typeAt(view, at) === type) return at;
  return -1;
}

function isWhole(view: DataView, at: number, to: number): boolean {
  if (at + attributeBytes > to) return false;
  const length = view.getUint16(at, true);
  return length >= attributeBytes && at + length <= to;
}

function typeAt(view: DataView, at: number): number {
  return view.getUint16(at + 2, true) & typeMask;
}

function endOf(view: DataView, at: number): number {
  return at + view.getUint16(at, true);
}

function next(view: DataView, at: number): number {
  return at + aligned(view.getUint16(at, true));
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
