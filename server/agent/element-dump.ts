/**
 * The kernel's own listing of a set's elements, as bytes: keys that are marks, and the counter of each. What nft prints as JSON costs ten
 * times as much, and nft begins anew whenever a transaction comes in between; counter-dump.ts looks a second time then.
 * Lengths are checked before anything is read; an attribute that does not fit ends its message, never the agent.
 */
import { elementKey, listElements, newElements } from "./element-messages.ts";

export type ReadElement = (key: number, packets: number, bytes: number) => void;

/** "more": another piece follows; "end": that was all; "failed": the kernel says no, or the piece is of another question. */
export type Piece = "more" | "end" | "failed";

/** Every element with a key of four bytes and a counter in one piece of a listing. */
export function readElements(piece: Uint8Array, sequence: number, each: ReadElement): Piece {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  for (let at = 0; at + headerBytes <= view.byteLength; ) {
    const length = view.getUint32(at, true);
    if (length < headerBytes || at + length > view.byteLength || view.getUint32(at + 8, true) !== sequence)
      return "failed";
    const type = view.getUint16(at + 4, true);
    if (type === doneMessage) return isClean(view, at, length) ? "end" : "failed";
    if (type !== newElements) return "failed";
    readList(view, at + headerBytes + nfgenBytes, at + length, each);
    at += aligned(length);
  }
  return "more";
}

/** The low bits of the rules' generation as the piece was made; null where it holds no elements. */
export function generationOf(piece: Uint8Array): number | null {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  const hasElements = view.byteLength >= headerBytes + nfgenBytes && view.getUint16(4, true) === newElements;
  return hasElements ? view.getUint16(headerBytes + 2, false) : null;
}

/** The end carries an error when the kernel could not go on: the set was deleted meanwhile. */
function isClean(view: DataView, at: number, length: number): boolean {
  return length < headerBytes + errorBytes || view.getInt32(at + headerBytes, true) >= 0;
}

const headerBytes = 16;
const errorBytes = 4;
const nfgenBytes = 4;
const doneMessage = 3;
const elementExpression = 7;
const elementExpressions = 11;
const expressionName = 1;
const expressionData = 2;
const counterBytes = 1;
const counterPackets = 2;
const markBytes = 4;
const counterName = "counter";

function readList(view: DataView, from: number, to: number, each: ReadElement): void {
  attributes(view, from, to, (type, start, end) => {
    if (type !== listElements) return;
    attributes(view, start, end, (_, elementStart, elementEnd) => readElement(view, elementStart, elementEnd, each));
  });
}

function readElement(view: DataView, from: number, to: number, each: ReadElement): void {
  let key: number | null = null;
  let counter: { packets: number; bytes: number } | null = null;
  attributes(view, from, to, (type, start, end) => {
    if (type === elementKey) key = markIn(view, start, end);
    if (type === elementExpression) counter = counterIn(view, start, end) ?? counter;
    if (type === elementExpressions)
      attributes(view, start, end, (_, one, oneEnd) => {
        counter = counterIn(view, one, oneEnd) ?? counter;
      });
  });
  // assigned in the callbacks, which the compiler does not follow
  const found = counter as { packets: number; bytes: number } | null;
  if (key !== null && found !== null) each(key, found.packets, found.bytes);
}

/** The value inside a key: marks are in the order of the machine. */
function markIn(view: DataView, from: number, to: number): number | null {
  const start = from + attributeBytes;
  return to - start === markBytes ? view.getUint32(start, true) : null;
}

function counterIn(view: DataView, from: number, to: number): { packets: number; bytes: number } | null {
  let isCounter = false;
  let packets = 0;
  let bytes = 0;
  attributes(view, from, to, (type, start, end) => {
    if (type === expressionName) isCounter = isNamedCounter(view, start, end);
    if (type !== expressionData) return;
    attributes(view, start, end, (field, value, valueEnd) => {
      if (valueEnd - value !== 8) return;
      if (field === counterPackets) packets = wide(view, value);
      if (field === counterBytes) bytes = wide(view, value);
    });
  });
  return isCounter ? { packets, bytes } : null;
}

function isNamedCounter(view: DataView, from: number, to: number): boolean {
  if (to - from !== counterName.length + 1) return false;
  for (let at = 0; at < counterName.length; at++)
    if (view.getUint8(from + at) !== counterName.charCodeAt(at)) return false;
  return true;
}

/** 64 bits in network order; exact up to 2^53. */
function wide(view: DataView, at: number): number {
  return view.getUint32(at, false) * 2 ** 32 + view.getUint32(at + 4, false);
}

const attributeBytes = 4;
const typeMask = 0x3fff;

function attributes(
  view: DataView,
  from: number,
  to: number,
  take: (type: number, start: number, end: number) => void,
): void {
  for (let at = from; at + attributeBytes <= to; ) {
    const length = view.getUint16(at, true);
    if (length < attributeBytes || at + length > to) return;
    take(view.getUint16(at + 2, true) & typeMask, at + attributeBytes, at + length);
    at += aligned(length);
  }
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
