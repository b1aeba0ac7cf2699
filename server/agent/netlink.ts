/**
 * The only file that uses koffi: libc sockets for what Node cannot do.
 * GETGEN asks the kernel for the generation of the rules of this network namespace (microseconds, every transaction raises it
 * by one, whoever wrote); a second socket hears of each transaction with the process that made it; SO_PEERCRED says which uid is at the
 * other end of a Unix socket. Nothing here waits: the listening socket is drained when asked.
 * Without koffi openNetlink() is null and the agent falls back to listings and to the modes of its sockets.
 */
import { createRequire } from "node:module";
import {
  answerIn,
  chainQuestion,
  countIn,
  elementsQuestion,
  generationIn,
  generationQuestion,
  type RuleWrite,
  setQuestion,
  writeIn,
} from "./netlink-messages.ts";

export type Netlink = {
  /** generation of the rules, or null when the kernel does not answer */
  generation(): number | null;
  /** a chain of an inet table is there; null = the kernel did not say. Microseconds, where nft takes milliseconds */
  hasChain(table: string, chain: string): boolean | null;
  /** elements of a map or set of an inet table; null = the kernel does not say */
  setCount(table: string, set: string): number | null;
  /**
   * Begins a listing of all elements, on a socket of its own; answers its sequence number, null = the kernel does not take the
   * question. One at a time: the pieces are fetched to the end before the next is begun, or the rest is dropped.
   */
  beginElements(table: string, set: string): number | null;
  /** The next piece of what was begun, valid until the next call; null = nothing came. The kernel makes it in this call. */
  nextElements(): Uint8Array | null;
  /** A listing that did not come to its end: the kernel would refuse the next one, and its rest would answer it. */
  dropElements(): void;
  /** transactions of anybody since the last call, oldest first; null = this kernel does not tell (or not to us) */
  writes(): RuleWrite[] | null;
  /** false: transactions are not heard until true; the kernel then builds no notifications for us */
  listen(isListening: boolean): void;
  peerUid(fd: number): number | null;
  close(): void;
};

export type Libc = {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  send(fd: number, data: Uint8Array, length: number, flags: number): number;
  recv(fd: number, data: Uint8Array, length: number, flags: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  /** SO_ATTACH_FILTER: a program of the kernel's classic packet filter */
  setFilter(fd: number, level: number, name: number, program: FilterProgram, length: number): number;
  close(fd: number): number;
  /** why the last call failed */
  errno(): number;
};

export type FilterStep = { readonly code: number; readonly jt: number; readonly jf: number; readonly k: number };
type FilterProgram = { readonly len: number; readonly filter: readonly FilterStep[] };

export const afNetlink = 16;
export const sockRaw = 3;
export const sockCloexec = 0x80000;
export const netlinkNetfilter = 12;
export const solSocket = 1;
const soRcvTimeo = 20;
const soPeerCred = 17;
export const soAttachFilter = 26;
export const filterProgramBytes = 16;
export const msgDontWait = 0x40;
const rulesGroup = 7;
const solNetlink = 270;
const netlinkAddMembership = 1;
const netlinkDropMembership = 2;
/** more than anybody writes between two looks; what is left is read at the next */
const writesMax = 512;
/** the kernel fills at most half of it at a time */
const dumpBytes = 64 * 1024;

/** Lets only messages pass that begin with NEWGEN: a load of 100,000 elements must not fill the socket. Loads are big endian. */
const onlyNewGen: FilterProgram = {
  len: 4,
  filter: [
    { code: 0x28, jt: 0, jf: 0, k: 4 },
    { code: 0x15, jt: 0, jf: 1, k: 0x0f0a },
    { code: 0x06, jt: 0, jf: 0, k: 0xffff },
    { code: 0x06, jt: 0, jf: 0, k: 0 },
  ],
};

export function openNetlink(): Netlink | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd >= 0) boundWait(libc, fd);
  let dumping = openDumping(libc);
  const piece = new Uint8Array(dumpBytes);
  const listening = openListening(libc);
  const credentials = new Uint8Array(12);
  const message = new Uint8Array(4096);
  let sequence = 0;
  const next = () => {
    sequence = (sequence + 1) % 0x7fffffff;
    return sequence;
  };
  return {
    generation: () => {
      const own = next();
      return fd < 0 ? null : ask(libc, fd, generationQuestion(own), (answer) => generationIn(answer, own));
    },
    hasChain: (table, chain) => {
      const own = next();
      return fd < 0 ? null : ask(libc, fd, chainQuestion(own, table, chain), (answer) => answerIn(answer, own));
    },
    setCount: (table, set) => {
      const own = next();
      const count = fd < 0 ? null : ask(libc, fd, setQuestion(own, table, set), (answer) => countIn(answer, own));
      return typeof count === "number" ? count : null;
    },
    beginElements: (table, set) => {
      const own = next();
      const request = elementsQuestion(own, table, set);
      return dumping >= 0 && libc.send(dumping, request, request.byteLength, 0) === request.byteLength ? own : null;
    },
    nextElements: () => {
      if (dumping < 0) return null;
      const length = libc.recv(dumping, piece, piece.byteLength, 0);
      return length > 0 ? piece.subarray(0, length) : null;
    },
    dropElements: () => {
      if (dumping >= 0) libc.close(dumping);
      dumping = openDumping(libc);
    },
    writes: () => (listening === null ? null : drain(libc, listening, message)),
    listen: (isListening) => {
      if (listening === null) return;
      const group = new Uint8Array(new Uint32Array([rulesGroup]).buffer);
      const option = isListening ? netlinkAddMembership : netlinkDropMembership;
      libc.setsockopt(listening, solNetlink, option, group, group.byteLength);
    },
    peerUid: (socketFd) => {
      const length = new Uint8Array(new Uint32Array([credentials.byteLength]).buffer);
      if (libc.getsockopt(socketFd, solSocket, soPeerCred, credentials, length) !== 0) return null;
      return new DataView(credentials.buffer).getUint32(4, true);
    },
    close: () => {
      if (fd >= 0) libc.close(fd);
      if (dumping >= 0) libc.close(dumping);
      if (listening !== null) libc.close(listening);
    },
  };
}

export function loadLibc(): Libc | null {
  try {
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    const lib = koffi.load("libc.so.6");
    const step = koffi.struct({ code: "uint16_t", jt: "uint8_t", jf: "uint8_t", k: "uint32_t" });
    const program = koffi.struct({ len: "uint16_t", filter: koffi.pointer(step) });
    const setFilter = ["int", "int", "int", koffi.pointer(program), "unsigned int"];
    return {
      socket: lib.func("int socket(int, int, int)"),
      bind: lib.func("int bind(int, _In_ uint8_t *, unsigned int)"),
      send: lib.func("int send(int, _In_ uint8_t *, size_t, int)"),
      recv: lib.func("int recv(int, _Out_ uint8_t *, size_t, int)"),
      getsockopt: lib.func("int getsockopt(int, int, int, _Out_ uint8_t *, _Inout_ uint8_t *)"),
      setsockopt: lib.func("int setsockopt(int, int, int, _In_ uint8_t *, unsigned int)"),
      setFilter: lib.func("setsockopt", "int", setFilter),
      close: lib.func("int close(int)"),
      errno: () => koffi.errno(),
    };
  } catch {
    return null;
  }
}

/** A socket for listings alone; below 0: there is none. */
function openDumping(libc: Libc): number {
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd >= 0) boundWait(libc, fd);
  return fd;
}

/** A lost answer must not stop the process: recv gives up after 50 ms. */
function boundWait(libc: Libc, fd: number): void {
  const timeval = new Uint8Array(new BigInt64Array([0n, 50_000n]).buffer);
  libc.setsockopt(fd, solSocket, soRcvTimeo, timeval, timeval.byteLength);
}

/** A socket in the group of the rules' notifications; null when the kernel refuses. The filter stands before the group is joined. */
function openListening(libc: Libc): number | null {
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd < 0) return null;
  const address = new Uint8Array(12);
  const view = new DataView(address.buffer);
  view.setUint16(0, afNetlink, true);
  view.setUint32(8, 1 << (rulesGroup - 1), true);
  const isReady =
    libc.setFilter(fd, solSocket, soAttachFilter, onlyNewGen, filterProgramBytes) === 0 &&
    libc.bind(fd, address, address.byteLength) === 0;
  if (isReady) return fd;
  libc.close(fd);
  return null;
}

/** What waits in the socket. A failed read ends it: nothing waits, or the kernel dropped some, which the generation shows. */
function drain(libc: Libc, fd: number, message: Uint8Array): RuleWrite[] {
  const writes: RuleWrite[] = [];
  while (writes.length < writesMax) {
    const length = libc.recv(fd, message, message.byteLength, msgDontWait);
    if (length <= 0) break;
    const write = writeIn(message.subarray(0, length));
    if (write !== null) writes.push(write);
  }
  return writes;
}

/** One question, and of what comes back the first that `read` understands. */
function ask<T>(libc: Libc, fd: number, request: Uint8Array, read: (answer: Uint8Array) => T | null): T | null {
  if (libc.send(fd, request, request.byteLength, 0) !== request.byteLength) return null;
  const answer = new Uint8Array(4096);
  for (let tries = 0; tries < 4; tries++) {
    const length = libc.recv(fd, answer, answer.byteLength, 0);
    if (length <= 0) return null;
    const found = read(answer.subarray(0, length));
    if (found !== null) return found;
  }
  return null;
}
