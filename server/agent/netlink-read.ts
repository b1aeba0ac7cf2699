/**
 * What the kernel answers to a listing over netlink, as bytes: the messages of one piece, and the attributes in a message. Lengths are checked
 * before anything is read; what does not fit is "failed", never a guess. Headers are in the order of the machine (little endian).
 */

/** "more": another piece follows; "end": that was all; "failed": the kernel says no, or the piece is of another question. */
export type Piece = "more" | "end" | "failed";

export type Attribute = { readonly type: number; readonly start: number; readonly end: number };

export const headerBytes = 16;
export const nfgenBytes = 4;
export const errorBytes = 4;

const doneMessage = 3;
/** of its header: length and type */
export const attributeBytes = 4;
const typeMask = 0x3fff;

/** `take` gets the place of each message of this type, header and all; who answers false ends it as "failed". */
export function readMessages(
  piece: Uint8Array,
  asked: { readonly sequence: number; readonly type: number },
  take: (start: number, end: number) => boolean,
): Piece {
  const view = viewOf(piece);
  for (let at = 0; at + headerBytes <= piece.byteLength; ) {
    const length = view.getUint32(at, true);
    const isWhole = length >= headerBytes && at + length <= piece.byteLength;
    if (!isWhole || view.getUint32(at + 8, true) !== asked.sequence) return "failed";
    const type = view.getUint16(at + 4, true);
    if (type === doneMessage) return isClean(view, at, length) ? "end" : "failed";
    if (type !== asked.type || length < headerBytes + nfgenBytes || !take(at, at + length)) return "failed";
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

/**
 * Where the first attribute of this type begins, its header; -1 = there is none that is whole. For what is read many thousand times a second:
 * nothing is made that is thrown away again.
 */
export function attributeAt(view: DataView, from: number, to: number, type: number): number {
  for (let at = from; isWholeAttribute(view, at, to); at = nextAttribute(view, at))
    if (attributeType(view, at) === type) return at;
  return -1;
}

export function isWholeAttribute(view: DataView, at: number, to: number): boolean {
  if (at + attributeBytes > to) return false;
  const length = view.getUint16(at, true);
  return length >= attributeBytes && at + length <= to;
}

export function attributeType(view: DataView, at: number): number {
  return view.getUint16(at + 2, true) & typeMask;
}

export function attributeEnd(view: DataView, at: number): number {
  return at + view.getUint16(at, true);
}

export function nextAttribute(view: DataView, at: number): number {
  return at + ((view.getUint16(at, true) + 3) & ~3);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The end carries an error when the kernel could not go on: what was listed was deleted meanwhile. */
function isClean(view: DataView, at: number, length: number): boolean {
  return length < headerBytes + errorBytes || view.getInt32(at + headerBytes, true) >= 0;
}
