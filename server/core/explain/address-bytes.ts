/** A canonical address as the bytes the kernel hashes and compares (network order), and whether a network holds it. */
import { canonicalAddress } from "../farm/address.ts";

/** 4 or 16 bytes of a canonical literal (`canonicalAddress`). */
export function addressBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const middle = Array<number>(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...middle, ...after].flatMap((group) => [group >> 8, group & 255]));
}

/** `network`: "10.0.0.0/8", "2001:db8::/32", an address, or "from-to". null when it is none of these. */
export function isInNetwork(address: string, network: string): boolean | null {
  const [from = "", to] = network.split("-");
  if (to !== undefined) return isInRange(address, from, to);
  const [base = "", lengthText] = network.split("/");
  const canonical = literal(base);
  if (canonical === null) return null;
  const own = addressBytes(address);
  const other = addressBytes(canonical);
  if (own.length !== other.length) return false;
  const length = lengthText === undefined ? own.length * 8 : Number(lengthText);
  return Number.isInteger(length) ? isSamePrefix(own, other, length) : null;
}

function isInRange(address: string, from: string, to: string): boolean | null {
  const first = literal(from);
  const last = literal(to);
  if (first === null || last === null) return null;
  const own = addressBytes(address);
  const [low, high] = [addressBytes(first), addressBytes(last)];
  if (low.length !== own.length || high.length !== own.length) return false;
  return compare(low, own) <= 0 && compare(own, high) <= 0;
}

/** Networks may begin at addresses that no host has (0.0.0.0), so only the form counts here. */
function literal(text: string): string | null {
  const parsed = canonicalAddress(text);
  if (parsed.ok) return parsed.value;
  return /^[0-9.]{7,15}$/.test(text) && text.split(".").length === 4 ? text : text === "::" ? text : null;
}

function isSamePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  for (let at = 0; at < a.length; at++) {
    const left = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff << (8 - left)) & 0xff;
    if (((a[at] ?? 0) & mask) !== ((b[at] ?? 0) & mask)) return false;
  }
  return true;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
  return 0;
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
