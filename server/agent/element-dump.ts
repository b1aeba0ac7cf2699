/**
 * The kernel's own listing of a set's elements, as bytes: keys that are marks, and the counter of each. What nft prints as JSON costs ten
 * times as much, and nft begins anew whenever a transaction comes in between; counter-dump.ts looks a second time then.
 * Lengths are checked before anything is read; an attribute that does not fit ends its message, never the agent.
 */
import { elementKey, listElements, newElements } from "./element-messages.ts";
import {
  attributeAt,
  attributeBytes,
  attributeEnd,
  attributeType,
  headerBytes,
  isWholeAttribute,
  nextAttribute,
  nfgenBytes,
  type Piece,
  readMessages,
  viewOf,
} from "./netlink-read.ts";

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
  for (let at = from; isWholeAttribute(view, at, to); at = nextAttribute(view, at)) {
    if (attributeType(view, at) !== listElements) continue;
    const end = attributeEnd(view, at);
    for (
      let element = at + attributeBytes;
      isWholeAttribute(view, element, end);
      element = nextAttribute(view, element)
    )
      readElement(view, element + attributeBytes, attributeEnd(view, element), each);
  }
}

/** Hundreds of thousands a second: nothing is made that is thrown away again. */
function readElement(view: DataView, from: number, to: number, each: ReadElement): void {
  const key = attributeAt(view, from, to, elementKey);
  const counter = counterOf(view, from, to);
  if (key < 0 || counter < 0) return;
  const mark = key + 2 * attributeBytes;
  if (attributeEnd(view, key) - mark !== markBytes) return;
  const data = attributeAt(view, counter + attributeBytes, attributeEnd(view, counter), expressionData);
  // marks are in the order of the machine
  each(view.getUint32(mark, true), numberIn(view, data, counterPackets), numberIn(view, data, counterBytes));
}

/** Where the element's counter begins, one expression of it or among several; -1 = it has none. */
function counterOf(view: DataView, from: number, to: number): number {
  const only = attributeAt(view, from, to, elementExpression);
  if (only >= 0 && isCounter(view, only)) return only;
  const several = attributeAt(view, from, to, elementExpressions);
  if (several < 0) return -1;
  const end = attributeEnd(view, several);
  for (let at = several + attributeBytes; isWholeAttribute(view, at, end); at = nextAttribute(view, at))
    if (isCounter(view, at)) return at;
  return -1;
}

function isCounter(view: DataView, expression: number): boolean {
  const name = attributeAt(view, expression + attributeBytes, attributeEnd(view, expression), expressionName);
  if (name < 0 || attributeEnd(view, name) - name !== attributeBytes + counterName.length + 1) return false;
  for (let at = 0; at < counterName.length; at++)
    if (view.getUint8(name + attributeBytes + at) !== counterName.charCodeAt(at)) return false;
  return true;
}

/** 0 where the counter does not say it. */
function numberIn(view: DataView, data: number, field: number): number {
  const at = data < 0 ? -1 : attributeAt(view, data + attributeBytes, attributeEnd(view, data), field);
  return at < 0 || attributeEnd(view, at) - at !== attributeBytes + 8 ? 0 : wide(view, at + attributeBytes);
}

/** 64 bits in network order; exact up to 2^53. */
function wide(view: DataView, at: number): number {
  return view.getUint32(at, false) * 2 ** 32 + view.getUint32(at + 4, false);
}
