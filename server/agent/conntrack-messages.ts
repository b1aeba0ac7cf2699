/**
 * Messages about tracked flows, as bytes: the question for a listing, what stands in a piece of it, the order to forget one, and the receipt
 * for that. Headers are in the order of the machine (little endian), values in network order. Lengths are checked before anything is read.
 */
import { attribute, stateIn } from "./conntrack-events.ts";
import { type Flow, protocolNumbers } from "./flow-choice.ts";
import { MessageWriter } from "./message-writer.ts";
import { attributesIn, errorBytes, headerBytes, nfgenBytes, type Piece, readMessages, viewOf } from "./netlink-read.ts";

export type Receipt = { readonly sequence: number /** 0 = it is done */; readonly code: number };

/** "no such entry": it went by itself, or another one has its place */
export const alreadyGone = -2;

const errorMessage = 2;
const subsystem = 1 << 8;
const newFlow = subsystem | 0;
const getFlow = subsystem | 1;
const deleteFlow = subsystem | 2;
const listFlags = 0x301;
const orderFlags = 0x005;
const nested = 0x8000;
const tupleOriginal = 1;
const statusBits = 3;
const zone = 18;
const markMask = 21;
const tupleAddresses = 1;
const tupleProtocol = 2;
const destinationV4 = 2;
const destinationV6 = 4;
const protocolNumber = 1;
const destinationPort = 3;
const assuredBit = 4;

/** All flows whose marks have these bits. */
export function flowsQuestion(sequence: number, { mark, mask }: { mark: number; mask: number }): Uint8Array {
  const writer = new MessageWriter();
  writer.message({ type: getFlow, flags: listFlags, sequence, family: 0 }, () => {
    writer.number(attribute.mark, mark);
    writer.number(markMask, mask);
  });
  return writer.bytes();
}

/** Forget exactly this one: not who has its addresses and ports by now. */
export function writeForget(writer: MessageWriter, { family, keys }: Flow, sequence: number): void {
  writer.message({ type: deleteFlow, flags: orderFlags, sequence, family }, () => {
    for (const { type, bytes } of keys) writer.data(type, bytes);
  });
}

/** null: it is no receipt. */
export function receiptIn(message: Uint8Array): Receipt | null {
  const view = viewOf(message);
  if (message.byteLength < headerBytes + errorBytes || view.getUint16(4, true) !== errorMessage) return null;
  return { sequence: view.getUint32(8, true), code: view.getInt32(headerBytes, true) };
}

/** Every flow in one piece of a listing. */
export function readFlows(piece: Uint8Array, sequence: number, take: (flow: Flow) => void): Piece {
  return readMessages(piece, { sequence, type: newFlow }, (start, end) => {
    const flow = flowIn(piece.subarray(start, end));
    if (flow !== null) take(flow);
    return true;
  });
}

/** null: it does not say enough to be told from others */
function flowIn(message: Uint8Array): Flow | null {
  const view = viewOf(message);
  let ends: Ends | null = null;
  let mark = 0;
  let state: number | null = null;
  let isAssured = false;
  const keys: { type: number; bytes: Uint8Array }[] = [];
  for (const { type, start, end } of attributesIn(message, headerBytes + nfgenBytes)) {
    const isNumber = end - start === 4;
    if (type === tupleOriginal) ends = endsIn(message, start, end);
    else if (type === attribute.mark && isNumber) mark = view.getUint32(start);
    else if (type === statusBits && isNumber) isAssured = (view.getUint32(start) & assuredBit) !== 0;
    else if (type === attribute.protoInfo) state = stateIn(view, start, end);
    if (type === tupleOriginal) keys.push({ type: type | nested, bytes: message.subarray(start, end) });
    if (type === zone || type === attribute.id) keys.push({ type, bytes: message.subarray(start, end) });
  }
  if (ends === null || !keys.some(({ type }) => type === attribute.id)) return null;
  const isTcp = ends.protocol === protocolNumbers.tcp;
  return { family: view.getUint8(headerBytes), mark, state: isTcp ? state : null, isAssured, keys, ...ends };
}

type Ends = Pick<Flow, "protocol" | "destination" | "port">;

/** Of the direction in which the client sent it. */
function endsIn(message: Uint8Array, from: number, to: number): Ends | null {
  const view = viewOf(message);
  let destination: Uint8Array | null = null;
  let protocol: number | null = null;
  let port: number | null = null;
  for (const part of attributesIn(message, from, to)) {
    if (part.type !== tupleAddresses && part.type !== tupleProtocol) continue;
    for (const { type, start, end } of attributesIn(message, part.start, part.end)) {
      if (part.type === tupleAddresses) {
        if (type === destinationV4 || type === destinationV6) destination = message.subarray(start, end);
      } else if (type === protocolNumber && end > start) protocol = view.getUint8(start);
      else if (type === destinationPort && end - start === 2) port = view.getUint16(start);
    }
  }
  return destination === null || protocol === null ? null : { protocol, destination, port };
}
