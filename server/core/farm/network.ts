/**
 * Networks of clients: an address, or a prefix like 10.1.2.0/24 or 2001:db8::/64. Canonical text: the prefix's own first address, and no
 * length where it is a single address, which is how the kernel lists it.
 */
import { canonicalAddress, familyOf } from "./address.ts";
import type { Family } from "./types.ts";

type Parsed = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

/** Bits of an address. */
export const addressBits: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** Canonical text, or why not, as a sentence. */
export function canonicalNetwork(text: string): Parsed {
  const [base = "", lengthText, ...rest] = text.trim().split("/");
  const parsed = canonicalAddress(base);
  if (!parsed.ok) return parsed;
  const bits = addressBits[familyOf(parsed.value)];
  if (lengthText === undefined) return parsed;
  const length = /^[0-9]{1,3}$/.test(lengthText) && rest.length === 0 ? Number(lengthText) : 0;
  if (length < 1 || length > bits) return { ok: false, error: `A prefix length of ${base} is 1 to ${bits}` };
  if (length === bits) return parsed;
  const isClean = (addressNumber(parsed.value) & hostMask(bits, length)) === 0n;
  if (isClean) return { ok: true, value: `${parsed.value}/${length}` };
  return { ok: false, error: `${parsed.value} has bits beyond /${length}; write the network's first address` };
}

export function networkFamily(network: string): Family {
  return familyOf(network);
}

/** Do both hold some address? Canonical networks. */
export function networksMeet(a: string, b: string): boolean {
  if (networkFamily(a) !== networkFamily(b)) return false;
  const one = rangeOf(a);
  const other = rangeOf(b);
  return one.from <= other.to && other.from <= one.to;
}

/** Does the network hold the address? */
export function networkHas(network: string, address: string): boolean {
  return networksMeet(network, address);
}

/** The first address of the prefix of this length that the address lies in. */
export function prefixOf(address: string, length: number): string {
  const bits = addressBits[familyOf(address)];
  const masked = addressNumber(address) & ~hostMask(bits, length);
  return addressText(masked, familyOf(address));
}

/** An address with the first `length` bits set: what a rule masks by. */
export function maskText(family: Family, length: number): string {
  const bits = addressBits[family];
  return addressText(((1n << BigInt(bits)) - 1n) & ~hostMask(bits, length), family);
}

function rangeOf(network: string): { from: bigint; to: bigint } {
  const [base = "", length] = network.split("/");
  const bits = addressBits[networkFamily(network)];
  const from = addressNumber(base);
  return { from, to: from | hostMask(bits, length === undefined ? bits : Number(length)) };
}

function hostMask(bits: number, length: number): bigint {
  return (1n << BigInt(bits - length)) - 1n;
}

/** Of a canonical address. */
function addressNumber(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const [head = "", tail] = address.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const middle = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...middle, ...after].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function groups(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

/** As nft and RFC 5952 write it; also addresses that no host may have (masks, ::). */
function addressText(value: bigint, family: Family): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
  const parts = Array.from({ length: 8 }, (_, at) => ((value >> BigInt((7 - at) * 16)) & 0xffffn).toString(16));
  const zeros = [...parts.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].map(([run]) => run);
  const longest = zeros.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest === "") return parts.join(":");
  const [left = "", right = ""] = splitOnce(parts.join(":"), longest);
  return `${left.replace(/:$/, "")}::${right.replace(/^:/, "")}`;
}

function splitOnce(text: string, part: string): readonly [string, string] {
  const at = text.search(new RegExp(`(?<![0-9a-f])${part}(?![0-9a-f])`));
  return [text.slice(0, at), text.slice(at + part.length)];
}
