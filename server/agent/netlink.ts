/**
 * What the agent asks the kernel itself. GETGEN asks for the generation of the rules of this network namespace (microseconds, every
 * transaction raises it by one, whoever wrote); a second socket hears of each transaction with the process that made it; a third edits
 * (rule-socket.ts); SO_PEERCRED says which uid is at the other end of a Unix socket. Nothing here waits: the listening socket is drained when asked.
 * Without koffi openNetlink() is null and the agent falls back to listings and to the modes of its sockets.
 */
import {
  afNetlink,
  type FilterProgram,
  filterProgramBytes,
  type Libc,
  loadLibc,
  msgDontWait,
  openNetfilter,
  soAttachFilter,
  solSocket,
} from "./libc.ts";
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
import { openRuleSocket, type RuleSocket } from "./rule-socket.ts";

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
  /** null: it could not be opened */
  readonly rules: RuleSocket | null;
  peerUid(fd: number): number | null;
  close(): void;
};

const soPeerCred = 17;
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
  const fd = openNetfilter(libc);
  let dumping = openNetfilter(libc);
  const piece = new Uint8Array(dumpBytes);
  const listening = openListening(libc);
  const rules = openRuleSocket(libc);
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
      dumping = openNetfilter(libc);
    },
    writes: () => (listening === null ? null : drain(libc, listening, message)),
    listen: (isListening) => {
      if (listening === null) return;
      const group = new Uint8Array(new Uint32Array([rulesGroup]).buffer);
      const option = isListening ? netlinkAddMembership : netlinkDropMembership;
      libc.setsockopt(listening, solNetlink, option, group, group.byteLength);
    },
    rules,
    peerUid: (socketFd) => {
      const length = new Uint8Array(new Uint32Array([credentials.byteLength]).buffer);
      if (libc.getsockopt(socketFd, solSocket, soPeerCred, credentials, length) !== 0) return null;
      return new DataView(credentials.buffer).getUint32(4, true);
    },
    close: () => {
      if (fd >= 0) libc.close(fd);
      if (dumping >= 0) libc.close(dumping);
      if (listening !== null) libc.close(listening);
      rules?.close();
    },
  };
}

/** A socket in the group of the rules' notifications; null when the kernel refuses. The filter stands before the group is joined. */
function openListening(libc: Libc): number | null {
  const fd = openNetfilter(libc);
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
