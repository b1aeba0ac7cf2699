/**
 * What the kernel tells of one tracked TCP connection, as bytes: began, changed its state, is gone. Headers are in the order of the machine
 * (little endian), values in network order. What is not of TCP, carries no mark of ours, or does not fit is null, never a guess.
 */

export type TcpEvent = {
  readonly what: "new" | "update" | "destroy";
  /** the kernel's number of the connection, the same in all its events */
  readonly id: number;
  /** ct mark without our tag: a backend, or a slot that nobody answers for */
  readonly markId: number;
  readonly state: number;
  /** when it happened, in microseconds since 1970 (exact to a quarter of one); null = this kernel does not say */
  readonly stampUs: number | null;
};

/** States of TCP as connection tracking numbers them. */
export const tcpState = { synSent: 1, synRecv: 2, established: 3, finWait: 4, close: 8 } as const;

/** Attributes of a conntrack message, and those inside of one. */
export const attribute = { protoInfo: 4, mark: 8, id: 12, stamp: 27, tcp: 1, tcpState: 1 } as const;

/** before the first attribute: the header of netlink and the one of its subsystem */
export const firstAttributeAt = 20;

const subsystem = 1;
const messageNew = 0;
const messageDelete = 2;
const createFlag = 0x400;
const attributeBytes = 4;
const typeMask = 0x3fff;
const tagUnit = 0x1000000;

/** The event in one message, when it is of TCP and its mark carries `tag`. */
export function tcpEventIn(view: DataView, length: number, tag: number): TcpEvent | null {
  if (length < firstAttributeAt || view.getUint8(5) !== subsystem) return null;
  const message = view.getUint8(4);
  if (message !== messageNew && message !== messageDelete) return null;
  let id: number | null = null;
  let mark = 0;
  let state: number | null = null;
  let stampUs: number | null = null;
  for (let at = firstAttributeAt; at + attributeBytes <= length; ) {
    const bytes = view.getUint16(at, true);
    if (bytes < attributeBytes || at + bytes > length) break;
    const type = view.getUint16(at + 2, true) & typeMask;
    if (type === attribute.id && bytes === 8) id = view.getUint32(at + 4);
    else if (type === attribute.mark && bytes === 8) mark = view.getUint32(at + 4);
    else if (type === attribute.protoInfo) state = stateIn(view, at + attributeBytes, at + bytes);
    else if (type === attribute.stamp && bytes === 12) stampUs = microseconds(view, at + 4);
    at += (bytes + 3) & ~3;
  }
  if (id === null || state === null || Math.floor(mark / tagUnit) !== tag) return null;
  const isNew = (view.getUint16(6, true) & createFlag) !== 0;
  const what = message === messageDelete ? "destroy" : isNew ? "new" : "update";
  return { what, id, markId: mark % tagUnit, state, stampUs };
}

/** Of the attribute with what belongs to a protocol; null: not of TCP. */
export function stateIn(view: DataView, from: number, to: number): number | null {
  for (let at = from; at + attributeBytes <= to; ) {
    const bytes = view.getUint16(at, true);
    if (bytes < attributeBytes || at + bytes > to) return null;
    const type = view.getUint16(at + 2, true) & typeMask;
    if (type === attribute.tcp) return tcpStateIn(view, at + attributeBytes, at + bytes);
    at += (bytes + 3) & ~3;
  }
  return null;
}

function tcpStateIn(view: DataView, from: number, to: number): number | null {
  for (let at = from; at + attributeBytes < to; ) {
    const bytes = view.getUint16(at, true);
    if (bytes <= attributeBytes || at + bytes > to) return null;
    if ((view.getUint16(at + 2, true) & typeMask) === attribute.tcpState) return view.getUint8(at + 4);
    at += (bytes + 3) & ~3;
  }
  return null;
}

/** Nanoseconds in 64 bits; a number holds microseconds of our century exactly enough. */
function microseconds(view: DataView, at: number): number {
  return (view.getUint32(at) * 2 ** 32) / 1000 + view.getUint32(at + 4) / 1000;
}
