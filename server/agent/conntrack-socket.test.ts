import { expect, test } from "vitest";
import { openConntrackSocket } from "./conntrack-socket.ts";
import { type FlowChoice, wholeMark } from "./flow-choice.ts";
import { recordedEnd, recordedFlows } from "./flows-recorded.testing.ts";
import type { Libc } from "./libc.ts";

const choice: FlowChoice = { mark: 0x51000001, mask: wholeMark, protocols: null, states: null, destination: null };
const udp: FlowChoice = { ...choice, protocols: ["udp"] };
const getFlow = 0x101;

type Kernel = {
  /** pieces of the next listings, in their order; null = nothing comes */
  readonly pieces: (Buffer | null)[];
  /** what the receipts of orders say, in their order; further ones are done; null = no receipt */
  readonly codes: (number | null)[];
};

/** A kernel of these answers, and what was asked of it: listings, orders, sockets opened and closed. */
function world({ pieces, codes }: Kernel) {
  const did = { listings: 0, orders: 0, opened: 0, closed: 0 };
  const receipts: Buffer[] = [];
  let sequence = 0;
  const libc: Libc = {
    socket: () => ++did.opened,
    bind: () => 0,
    send: () => -1,
    recv: (_fd, into) => fill(into, receipts.shift() ?? null),
    async sendAside(_fd, data, length) {
      const bytes = Buffer.from(data);
      if (bytes.readUInt16LE(4) === getFlow) {
        did.listings += 1;
        sequence = bytes.readUInt32LE(8);
      } else
        for (let at = 0; at < length; at += bytes.readUInt32LE(at)) {
          did.orders += 1;
          const code = codes.length === 0 ? 0 : codes.shift();
          if (code != null) receipts.push(receiptOf(bytes.readUInt32LE(at + 8), code));
        }
      return length;
    },
    recvAside: async (_fd, into) => fill(into, withSequence(pieces.shift() ?? null, sequence)),
    getsockopt: () => 0,
    setsockopt: () => 0,
    setFilter: () => 0,
    close: () => ++did.closed,
    errno: () => 11,
  };
  const flows = openConntrackSocket(libc);
  if (flows === null) throw new Error("no socket");
  return { flows, did };
}

function fill(into: Uint8Array, message: Buffer | null): number {
  if (message !== null) into.set(message);
  return message?.length ?? -1;
}

function receiptOf(sequence: number, code: number): Buffer {
  const receipt = Buffer.alloc(36);
  receipt.writeUInt16LE(2, 4);
  receipt.writeUInt32LE(sequence, 8);
  receipt.writeInt32LE(code, 16);
  return receipt;
}

/** The same piece in the answer to another question. */
function withSequence(piece: Buffer | null, sequence: number): Buffer | null {
  if (piece === null) return null;
  const copy = Buffer.from(piece);
  for (let at = 0; at < copy.length; at += copy.readUInt32LE(at)) copy.writeUInt32LE(sequence, at + 8);
  return copy;
}

const listing = [recordedFlows, recordedEnd];

test("who asks while a listing runs shares the next one, and each hears of its own flows", async () => {
  const { flows, did } = world({ pieces: [...listing, ...listing], codes: [] });
  const first = flows.countOpen(choice);
  const others = [flows.forget(udp), flows.countOpen({ ...choice, mark: 0x51000002 }), flows.countOpen(choice)];
  expect(await Promise.all([first, ...others])).toEqual([1, 1, 0, 1]);
  expect(did).toMatchObject({ listings: 2, orders: 1 });
});

test("a flow that went by itself is not counted as forgotten; one that could not be is told", async () => {
  const gone = world({ pieces: [...listing], codes: [0, -2, 0, 0] });
  expect(await gone.flows.forget(choice)).toBe(3);
  const refused = world({ pieces: [...listing, ...listing], codes: [0, -1] });
  expect(await Promise.all([refused.flows.countOpen(choice), refused.flows.forget(choice)])).toEqual([1, null]);
  const unanswered = world({ pieces: [...listing], codes: [0, null] });
  expect(await unanswered.flows.forget(choice)).toBeNull();
});

test("a listing that breaks off gives no number, and the next one has a socket of its own", async () => {
  const { flows, did } = world({ pieces: [recordedFlows, null, ...listing], codes: [] });
  expect(await flows.countOpen(choice)).toBeNull();
  expect(did).toMatchObject({ opened: 3, closed: 1 });
  expect(await flows.countOpen(choice)).toBe(1);
});

test("more flows than a socket has room for receipts are forgotten in several messages", async () => {
  const many = Buffer.concat(Array.from({ length: 40 }, () => recordedFlows));
  const { flows, did } = world({ pieces: [many, recordedEnd], codes: [] });
  expect(await flows.forget(choice)).toBe(160);
  expect(did.orders).toBe(160);
});

test("it closes when what was asked is answered, and answers nothing after", async () => {
  const { flows, did } = world({ pieces: [...listing], codes: [] });
  const asked = flows.forget(udp);
  flows.close();
  expect([await asked, await flows.forget(udp)]).toEqual([1, null]);
  expect(did).toMatchObject({ opened: 2, closed: 2 });
});
