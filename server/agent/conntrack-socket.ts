/**
 * Tracked flows counted and forgotten by ourselves: starting a process for it stops the whole agent until it runs, a tenth of a second and
 * more on a busy host, while others may be going down too. The kernel walks through its whole table for a listing (30 ms at 100,000
 * flows), so it does that on another thread. Who asks while a listing runs shares the next one with all others who wait.
 */
import { addressBytes } from "../core/explain/address-bytes.ts";
import { alreadyGone, flowsQuestion, readFlows, receiptIn, writeForget } from "./conntrack-messages.ts";
import { commonMark, type Flow, type FlowChoice, isChosen, isOpen, type TrackedFlows } from "./flow-choice.ts";
import { type Libc, loadLibc, msgDontWait, openNetfilter } from "./libc.ts";
import { MessageWriter } from "./message-writer.ts";

type Job = {
  readonly choice: FlowChoice;
  readonly address: Uint8Array | null;
  readonly isForgetting: boolean;
  count: number;
  hasFailed: boolean;
  readonly done: (count: number | null) => void;
};

type Found = { readonly job: Job; readonly flow: Flow };

/** the kernel fills at most half of it at a time */
const pieceBytes = 64 * 1024;
/** each has a receipt, and a socket holds some 270 */
const ordersMax = 64;
const receiptBytes = 4096;

/** null = no koffi, or the kernel gives no socket. */
export function openConntrackSocket(libc: Libc | null = loadLibc()): TrackedFlows | null {
  if (libc === null) return null;
  const ordering = openNetfilter(libc);
  if (ordering < 0) return null;
  const list = createLister(libc);
  const forget = createForgetting(libc, ordering);
  let waiting: Job[] = [];
  let isWorking = false;
  let isClosed = false;

  async function round(jobs: readonly Job[]): Promise<void> {
    const isWhole = await list.all(commonMark(jobs.map(({ choice }) => choice)), async (flows) => {
      const found = flows.flatMap((flow) =>
        jobs.filter(({ choice, address }) => isChosen(flow, choice, address)).map((job): Found => ({ job, flow })),
      );
      for (const { job, flow } of found) if (!job.isForgetting && isOpen(flow)) job.count += 1;
      const orders = found.filter(({ job }) => job.isForgetting);
      for (let at = 0; at < orders.length; at += ordersMax) await forget(orders.slice(at, at + ordersMax));
    });
    for (const { done, count, hasFailed } of jobs) done(isWhole && !hasFailed ? count : null);
  }

  async function work(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    for (let jobs = waiting; jobs.length > 0; jobs = waiting) {
      waiting = [];
      await round(jobs);
    }
    isWorking = false;
    if (isClosed) closeSockets();
  }

  function closeSockets(): void {
    libc?.close(ordering);
    list.close();
  }

  function ask(choice: FlowChoice, isForgetting: boolean): Promise<number | null> {
    if (isClosed) return Promise.resolve(null);
    const address = choice.destination === null ? null : addressBytes(choice.destination.address);
    return new Promise((done) => {
      waiting.push({ choice, address, isForgetting, count: 0, hasFailed: false, done });
      void work();
    });
  }

  return {
    countOpen: (choice) => ask(choice, false),
    forget: (choice) => ask(choice, true),
    close() {
      isClosed = true;
      if (!isWorking) closeSockets();
    },
  };
}

/** Listings, one at a time. One that did not come to its end would answer the next question: it goes with its socket. */
function createLister(libc: Libc) {
  const piece = new Uint8Array(pieceBytes);
  let fd = openNetfilter(libc);
  let sequence = 0;

  async function read(request: Uint8Array, take: (flows: readonly Flow[]) => Promise<void>): Promise<boolean> {
    if (fd < 0 || (await libc.sendAside(fd, request, request.byteLength, 0)) !== request.byteLength) return false;
    for (;;) {
      const length = await libc.recvAside(fd, piece, piece.byteLength, 0);
      const flows: Flow[] = [];
      const state = length <= 0 ? "failed" : readFlows(piece.subarray(0, length), sequence, (flow) => flows.push(flow));
      await take(flows);
      if (state !== "more") return state === "end";
    }
  }

  return {
    /** `take`: the flows of a piece, valid until it is over; false = not all could be listed */
    async all(marks: ReturnType<typeof commonMark>, take: (flows: readonly Flow[]) => Promise<void>): Promise<boolean> {
      sequence = (sequence + 1) % 0x7fffffff;
      const isWhole = await read(flowsQuestion(sequence, marks), take).catch(() => false);
      if (isWhole) return true;
      if (fd >= 0) libc.close(fd);
      fd = openNetfilter(libc);
      return false;
    },
    close() {
      if (fd >= 0) libc.close(fd);
    },
  };
}

/** The kernel works the orders off while they are sent, and their receipts wait when the call returns. One batch at a time. */
function createForgetting(libc: Libc, fd: number): (orders: readonly Found[]) => Promise<void> {
  const message = new Uint8Array(receiptBytes);
  let last = 0;

  function receive(): Uint8Array | null {
    const length = libc.recv(fd, message, message.byteLength, msgDontWait);
    return length > 0 ? message.subarray(0, Math.min(length, message.byteLength)) : null;
  }

  return async (orders) => {
    while (receive() !== null);
    const first = (last + 1) % 0x7fff0000;
    last = first + orders.length;
    const writer = new MessageWriter();
    for (const [at, { flow }] of orders.entries()) writeForget(writer, flow, first + at);
    const bytes = writer.bytes();
    await libc.sendAside(fd, bytes, bytes.byteLength, 0);
    const without = new Set(orders.keys());
    for (let said = receive(); said !== null; said = receive()) {
      const receipt = receiptIn(said);
      const at = (receipt?.sequence ?? 0) - first;
      const job = orders[at]?.job;
      if (receipt === null || job === undefined) continue;
      without.delete(at);
      if (receipt.code === 0) job.count += 1;
      else if (receipt.code !== alreadyGone) job.hasFailed = true;
    }
    for (const [at, { job }] of orders.entries()) if (without.has(at)) job.hasFailed = true;
  };
}
