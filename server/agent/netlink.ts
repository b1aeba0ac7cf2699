/**
 * The only file that uses koffi: libc sockets for what Node cannot do.
 * GETGEN asks the kernel for the generation of the rules of this network namespace (microseconds, every transaction raises it
 * by one, whoever wrote); SO_PEERCRED says which uid is at the other end of a Unix socket.
 * Without koffi openNetlink() is null and the agent falls back to listings and to the modes of its sockets.
 */
import { createRequire } from "node:module";

export type Netlink = {
  /** generation of the rules, or null when the kernel does not answer */
  generation(): number | null;
  peerUid(fd: number): number | null;
  close(): void;
};

type Libc = {
  socket(domain: number, type: number, protocol: number): number;
  send(fd: number, data: Uint8Array, length: number, flags: number): number;
  recv(fd: number, data: Uint8Array, length: number, flags: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  close(fd: number): number;
};

const afNetlink = 16;
const sockRaw = 3;
const sockCloexec = 0x80000;
const netlinkNetfilter = 12;
const solSocket = 1;
const soRcvTimeo = 20;
const soPeerCred = 17;
const getGen = (10 << 8) | 16;
const newGen = (10 << 8) | 15;
const headerBytes = 16;
const nfgenBytes = 4;

export function openNetlink(): Netlink | null {
  const libc = loadLibc();
  if (libc === null) return null;
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd >= 0) boundWait(libc, fd);
  const credentials = new Uint8Array(12);
  let sequence = 0;
  return {
    generation: () => {
      sequence = (sequence + 1) % 0x7fffffff;
      return fd < 0 ? null : askGeneration(libc, fd, sequence);
    },
    peerUid: (socketFd) => {
      const length = new Uint8Array(new Uint32Array([credentials.byteLength]).buffer);
      if (libc.getsockopt(socketFd, solSocket, soPeerCred, credentials, length) !== 0) return null;
      return new DataView(credentials.buffer).getUint32(4, true);
    },
    close: () => {
      if (fd >= 0) libc.close(fd);
    },
  };
}

function loadLibc(): Libc | null {
  try {
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    const lib = koffi.load("libc.so.6");
    return {
      socket: lib.func("int socket(int, int, int)"),
      send: lib.func("int send(int, _In_ uint8_t *, size_t, int)"),
      recv: lib.func("int recv(int, _Out_ uint8_t *, size_t, int)"),
      getsockopt: lib.func("int getsockopt(int, int, int, _Out_ uint8_t *, _Inout_ uint8_t *)"),
      setsockopt: lib.func("int setsockopt(int, int, int, _In_ uint8_t *, unsigned int)"),
      close: lib.func("int close(int)"),
    };
  } catch {
    return null;
  }
}

/** A lost answer must not stop the process: recv gives up after 50 ms. */
function boundWait(libc: Libc, fd: number): void {
  const timeval = new Uint8Array(new BigInt64Array([0n, 50_000n]).buffer);
  libc.setsockopt(fd, solSocket, soRcvTimeo, timeval, timeval.byteLength);
}

function askGeneration(libc: Libc, fd: number, sequence: number): number | null {
  const request = new Uint8Array(headerBytes + nfgenBytes);
  const view = new DataView(request.buffer);
  view.setUint32(0, request.byteLength, true);
  view.setUint16(4, getGen, true);
  view.setUint16(6, 1, true);
  view.setUint32(8, sequence, true);
  if (libc.send(fd, request, request.byteLength, 0) !== request.byteLength) return null;
  const answer = new Uint8Array(512);
  for (let tries = 0; tries < 4; tries++) {
    const length = libc.recv(fd, answer, answer.byteLength, 0);
    if (length < headerBytes) return null;
    const parsed = parseGeneration(answer.subarray(0, length), sequence);
    if (parsed !== null) return parsed;
  }
  return null;
}

/** Generation in a NEWGEN answer to `sequence`; null for any other message. Exported for its test. */
export function parseGeneration(message: Uint8Array, sequence: number): number | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message.byteLength < headerBytes + nfgenBytes) return null;
  if (view.getUint16(4, true) !== newGen || view.getUint32(8, true) !== sequence) return null;
  let at = headerBytes + nfgenBytes;
  while (at + 8 <= message.byteLength) {
    const length = view.getUint16(at, true);
    if (length < 4) return null;
    if ((view.getUint16(at + 2, true) & 0x3fff) === 1 && length >= 8) return view.getUint32(at + 4, false);
    at += (length + 3) & ~3;
  }
  return null;
}
