/**
 * IP literals: parse, canonical text (RFC 5952 for IPv6), and the addresses that may never be a VIP or a backend.
 * Names are never resolved; decimal, octal or short forms of IPv4 are refused.
 */
import type { Family } from "./types.ts";

type Parsed = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

/** Canonical text of an address literal that may serve as VIP or backend, or the reason why not, as a sentence. */
export function canonicalAddress(text: string): Parsed {
  const v4 = parseIpv4(text);
  if (v4 !== null) return refuseIpv4(v4) ?? { ok: true, value: v4.join(".") };
  const v6 = parseIpv6(text);
  if (v6 !== null) return refuseIpv6(text, v6) ?? { ok: true, value: formatIpv6(v6) };
  return no(`"${text.slice(0, 60)}" is not an IPv4 or IPv6 address; names are not resolved`);
}

/** Family of a canonical address. */
export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** Four bytes, or null when the text is no dotted quad without leading zeros. */
export function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => (/^(0|[1-9][0-9]{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** Eight 16-bit groups, or null. Zones ("%eth0") and brackets are not literals. */
export function parseIpv6(text: string): readonly number[] | null {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groups(halves[0] ?? "");
  const tail = halves.length === 2 ? groups(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : null;
  return missing >= 1 ? [...head, ...Array<number>(missing).fill(0), ...tail] : null;
}

function groups(text: string): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const out: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes(".")) {
      const v4 = index === parts.length - 1 ? parseIpv4(part) : null;
      if (v4 === null) return null;
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      out.push(a * 256 + b, c * 256 + d);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
      out.push(Number.parseInt(part, 16));
    }
  }
  return out;
}

export function formatIpv6(groupsIn: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groupsIn[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groupsIn.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(":");
  return `${hex.slice(0, best.at).join(":")}::${hex.slice(best.at + best.length).join(":")}`;
}

const no = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

function refuseIpv4([a = 0, b = 0, c = 0, d = 0]: readonly number[]): {
  readonly ok: false;
  readonly error: string;
} | null {
  const text = `${a}.${b}.${c}.${d}`;
  if (a === 0) return no(`${text} is not an address of a host`);
  if (a === 127) return no(`${text} is a loopback address`);
  if (a === 169 && b === 254) return no(`${text} is link-local`);
  if (a >= 224 && a <= 239) return no(`${text} is a multicast address`);
  if (a >= 240) return no(`${text} is reserved`);
  return null;
}

/** `text`: as it was typed, so that it is found again where it was typed. */
function refuseIpv6(text: string, groupsIn: readonly number[]): { readonly ok: false; readonly error: string } | null {
  const [first = 0] = groupsIn;
  const leadingZeros = groupsIn.findIndex((group) => group !== 0);
  if (leadingZeros === -1) return no(`${text} is not an address of a host`);
  if (leadingZeros === 7 && groupsIn[7] === 1) return no(`${text} is a loopback address`);
  if (leadingZeros === 5 && groupsIn[5] === 0xffff)
    return no(`${text} is an IPv4-mapped address; write ${ipv4At(groupsIn)}`);
  if (leadingZeros >= 6) return no(`${text} is an IPv4-compatible address; write ${ipv4At(groupsIn)}`);
  if ((first & 0xffc0) === 0xfe80) return no(`${text} is link-local`);
  if ((first & 0xff00) === 0xff00) return no(`${text} is a multicast address`);
  return null;
}

/** The IPv4 address in the last two groups. */
function ipv4At(groupsIn: readonly number[]): string {
  const [, , , , , , high = 0, low = 0] = groupsIn;
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
