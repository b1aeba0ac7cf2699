/**
 * libc's sockets for what Node cannot do: the only file that uses koffi. Calls are synchronous, on the agent's own thread, but for those that
 * say otherwise: whoever makes one sees to it that it cannot wait long. null: this machine has no koffi, or it does not load.
 */
import { createRequire } from "node:module";

export type Libc = {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  send(fd: number, data: Uint8Array, length: number, flags: number): number;
  recv(fd: number, data: Uint8Array, length: number, flags: number): number;
  /** the same two on a thread of their own: for what takes the kernel longer than others here may wait. Nobody touches `data` meanwhile */
  sendAside(fd: number, data: Uint8Array, length: number, flags: number): Promise<number>;
  recvAside(fd: number, data: Uint8Array, length: number, flags: number): Promise<number>;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  /** SO_ATTACH_FILTER: a program of the kernel's classic packet filter */
  setFilter(fd: number, level: number, name: number, program: FilterProgram, length: number): number;
  close(fd: number): number;
  /** why the last call failed */
  errno(): number;
};

export type FilterStep = { readonly code: number; readonly jt: number; readonly jf: number; readonly k: number };
export type FilterProgram = { readonly len: number; readonly filter: readonly FilterStep[] };

export const afNetlink = 16;
export const sockRaw = 3;
export const sockCloexec = 0x80000;
export const netlinkNetfilter = 12;
export const solSocket = 1;
export const soAttachFilter = 26;
export const filterProgramBytes = 16;
export const msgDontWait = 0x40;
const soRcvTimeo = 20;
const answerMaxUs = 50_000n;

export function loadLibc(): Libc | null {
  try {
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    const lib = koffi.load("libc.so.6");
    const step = koffi.struct({ code: "uint16_t", jt: "uint8_t", jf: "uint8_t", k: "uint32_t" });
    const program = koffi.struct({ len: "uint16_t", filter: koffi.pointer(step) });
    const send = lib.func("int send(int, _In_ uint8_t *, size_t, int)");
    const recv = lib.func("int recv(int, _Out_ uint8_t *, size_t, int)");
    const setFilter = ["int", "int", "int", koffi.pointer(program), "unsigned int"];
    return {
      socket: lib.func("int socket(int, int, int)"),
      bind: lib.func("int bind(int, _In_ uint8_t *, unsigned int)"),
      send,
      recv,
      sendAside: aside(send),
      recvAside: aside(recv),
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

/** The arguments are the call's own; the result is told by callback. */
function aside(call: { readonly async: (...args: unknown[]) => unknown }): (...args: unknown[]) => Promise<number> {
  return (...args) =>
    new Promise((resolve, reject) => {
      call.async(...args, (error: unknown, result: number) => (error ? reject(error) : resolve(result)));
    });
}

/** A socket of the packet filter; below 0: there is none. A lost answer must not stop the process: recv gives up after 50 ms. */
export function openNetfilter(libc: Libc): number {
  const fd = libc.socket(afNetlink, sockRaw | sockCloexec, netlinkNetfilter);
  if (fd < 0) return fd;
  const timeval = new Uint8Array(new BigInt64Array([0n, answerMaxUs]).buffer);
  libc.setsockopt(fd, solSocket, soRcvTimeo, timeval, timeval.byteLength);
  return fd;
}
