/**
 * Bob Jenkins' lookup3 hash as the kernel has it (Linux include/linux/jhash.h, `jhash`), and what `jhash ... mod N` of nftables makes
 * of it (net/netfilter/nft_hash.c: reciprocal_scale, not a remainder). Words are read in the byte order of the balancer, which is
 * little-endian on every machine this product is tested on. Results are unsigned 32-bit numbers.
 */

const initialValue = 0xdeadbeef;
const blockBytes = 12;

/** `seed`: nftables' `seed`, the kernel's `initval`. */
function jhash(bytes: Uint8Array, seed: number): number {
  const start = (initialValue + bytes.length + seed) | 0;
  const state: State = [start, start, start];
  let at = 0;
  for (; bytes.length - at > blockBytes; at += blockBytes) {
    add(state, bytes, at);
    mix(state);
  }
  if (bytes.length > at) {
    add(state, bytes, at);
    finish(state);
  }
  return state[2] >>> 0;
}

/** The slot, 0..modulus-1, that `jhash <key> mod <modulus> seed <seed>` gives; an offset is added by the rule afterwards. */
export function jhashSlot(bytes: Uint8Array, modulus: number, seed: number): number {
  return Number((BigInt(jhash(bytes, seed)) * BigInt(modulus)) >> 32n);
}

type State = [a: number, b: number, c: number];

/** The next twelve bytes; those that are not there are zero. */
function add(state: State, bytes: Uint8Array, at: number): void {
  state[0] = (state[0] + word(bytes, at)) | 0;
  state[1] = (state[1] + word(bytes, at + 4)) | 0;
  state[2] = (state[2] + word(bytes, at + 8)) | 0;
}

function word(bytes: Uint8Array, at: number): number {
  const byte = (index: number) => bytes[index] ?? 0;
  return byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** __jhash_mix: each step is a -= c; a ^= rol(c, by); c += b, with the letters moving on. */
function mix(state: State): void {
  let [a, b, c] = state;
  for (const by of [4, 6, 8, 16, 19, 4]) {
    const mixed = ((a - c) | 0) ^ rotate(c, by);
    const next = (c + b) | 0;
    [a, b, c] = [b, next, mixed];
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
}

/** __jhash_final: each step is c ^= b; c -= rol(b, by), with the letters moving on. */
function finish(state: State): void {
  let [a, b, c] = state;
  for (const by of [14, 11, 25, 16, 4, 14, 24]) {
    const mixed = ((c ^ b) - rotate(b, by)) | 0;
    [a, b, c] = [b, mixed, a];
  }
  // seven steps leave the letters one place on
  [state[0], state[1], state[2]] = [c, a, b];
}
