/**
 * Lists of clients: prefixes, ranges and single addresses of both families. Parsing sorts and merges them into the one form in which
 * the kernel lists them back: neither overlapping nor adjoining, a prefix where the range is one, IPv4 before IPv6. A farm's lists may
 * also name lists of the balancer (`@office`, named-list.ts): the names stand behind the networks, sorted.
 */
import * as z from "zod/mini";
import { formatIpv6, parseIpv4, parseIpv6 } from "./address.ts";
import { limits } from "./limits.ts";
import type { Family } from "./types.ts";

/** Inclusive; addresses as numbers. */
export type Network = { readonly family: Family; readonly from: bigint; readonly to: bigint };

/** Document form in, canonical document form out. A broken entry is named at its place in the list. */
export const networksSchema = listSchema(limits.policyEntriesMax, false);

/** The same with references to named lists among the entries. */
export const clientsSchema = listSchema(limits.policyEntriesMax, true);

/** The networks of a named list. */
export const listNetworksSchema = listSchema(limits.listEntriesMax, false);

/** The entries of a canonical list that are networks of one family. */
export function networksOf(list: readonly string[], family: Family): string[] {
  return list.filter((entry) => !isReference(entry) && entry.includes(":") === (family === 6));
}

/** The names of the lists that a canonical list refers to, without the sign. */
export function referencesOf(list: readonly string[]): string[] {
  return list.filter(isReference).map((entry) => entry.slice(1));
}

/** What is in `list` and not in `other`, as canonical entries; both are canonical and without references. */
export function networksMinus(list: readonly string[], other: readonly string[]): string[] {
  const away = parsedAll(other);
  const left: Network[] = [];
  for (const network of parsedAll(list)) {
    let from = network.from;
    for (const gone of away) {
      if (gone.family !== network.family || gone.to < from || gone.from > network.to) continue;
      if (gone.from > from) left.push({ ...network, from, to: gone.from - 1n });
      from = gone.to + 1n;
    }
    if (from <= network.to) left.push({ ...network, from });
  }
  return left.map(formatNetwork);
}

/** Whether the address (or all of a network) lies in one of them. */
export function isWithin(networks: readonly Network[], address: string): boolean {
  const own = parseNetwork(address);
  if (typeof own === "string") return false;
  return networks.some(({ family, from, to }) => family === own.family && from <= own.from && own.to <= to);
}

/** `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `2001:db8::1`; or the reason why the text is none of them, as a sentence. */
export function parseNetwork(text: string): Network | string {
  const entry = text.trim();
  const [first = "", second, more] = entry.split(entry.includes("/") ? "/" : "-");
  const from = parseAddress(first.trim());
  if (from === null || more !== undefined)
    return `"${entry.slice(0, 90)}" is not an address, a prefix like 10.0.0.0/8 or a range like 10.0.0.1-10.0.0.9`;
  const network = second === undefined ? { ...from, to: from.from } : upTo(from, second.trim(), entry);
  if (typeof network === "string") return network;
  return isEmbeddedIpv4(network) ? `${entry} holds IPv4 addresses in IPv6 form; write the IPv4 addresses` : network;
}

function listSchema(entriesMax: number, mayRefer: boolean) {
  return z.pipe(
    z
      .array(z.string("An entry is text"), "Clients are a list of addresses, prefixes and ranges")
      .check(z.maxLength(entriesMax, `At most ${entriesMax} entries`)),
    z.transform((entries: string[], context): string[] => {
      const networks: Network[] = [];
      const references = new Set<string>();
      for (const [index, entry] of entries.entries()) {
        const reference = mayRefer && entry.trim().startsWith("@") ? parseReference(entry.trim()) : null;
        const parsed = reference ?? parseNetwork(entry);
        if (typeof parsed === "object") networks.push(parsed);
        else if (reference !== null && isReference(parsed)) references.add(parsed);
        else context.issues.push({ code: "custom", message: parsed, input: entry, path: [index] });
      }
      if (references.size > limits.listReferencesMax)
        context.issues.push({
          code: "custom",
          message: `At most ${limits.listReferencesMax} named lists; these are ${references.size}`,
          input: entries,
        });
      return [...merged(networks).map(formatNetwork), ...[...references].sort()];
    }),
  );
}

function isReference(entry: string): boolean {
  return entry.startsWith("@");
}

/** The reference itself, or what is wrong with it: no reference begins like a sentence. */
function parseReference(entry: string): string {
  const name = entry.slice(1);
  const isName = name.length <= limits.nameLengthMax && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
  return isName ? entry : `"${entry.slice(0, 90)}" is not @ and the name of a list, like @office`;
}

function parsedAll(list: readonly string[]): Network[] {
  return list.map(parseNetwork).filter((network) => typeof network === "object");
}

type Address = { readonly family: Family; readonly from: bigint };

const bitsOf = { 4: 32, 6: 128 } as const;

function upTo(start: Address, second: string, entry: string): Network | string {
  return entry.includes("/") ? prefix(start, second, entry) : range(start, second, entry);
}

function prefix({ family, from }: Address, length: string, entry: string): Network | string {
  const bits = bitsOf[family];
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > bits)
    return `${entry}: a prefix of IPv${family} has 0 to ${bits} bits`;
  const size = 1n << BigInt(bits - Number(length));
  const start = from - (from % size);
  if (start !== from)
    return `${entry} has bits behind the prefix; write ${formatAddress(family, start)}/${length} or the address alone`;
  return { family, from, to: from + size - 1n };
}

function range({ family, from }: Address, end: string, entry: string): Network | string {
  const to = parseAddress(end);
  if (to === null) return `${entry}: "${end.slice(0, 60)}" is not an address`;
  if (to.family !== family) return `${entry} goes from one family to the other`;
  return to.from < from ? `${entry} is reversed` : { family, from, to: to.from };
}

function parseAddress(text: string): Address | null {
  const v4 = parseIpv4(text);
  if (v4 !== null) return { family: 4, from: joined(v4, 8) };
  const v6 = parseIpv6(text);
  return v6 === null ? null : { family: 6, from: joined(v6, 16) };
}

/** ::ffff:a.b.c.d and ::a.b.c.d never come from a client, and the kernel writes them otherwise than everybody else. */
function isEmbeddedIpv4({ family, from, to }: Network): boolean {
  return family === 6 && [from, to].some((end) => end > 0xffffn && end < 1n << 48n);
}

function merged(networks: readonly Network[]): Network[] {
  const sorted = [...networks].sort((a, b) => a.family - b.family || compare(a.from, b.from) || compare(a.to, b.to));
  const out: Network[] = [];
  for (const network of sorted) {
    const last = out.at(-1);
    if (last === undefined || last.family !== network.family || network.from > last.to + 1n) out.push(network);
    else if (network.to > last.to) out[out.length - 1] = { ...last, to: network.to };
  }
  return out;
}

/** Canonical text: an address, a prefix, else a range. */
export function formatNetwork({ family, from, to }: Network): string {
  const size = to - from + 1n;
  const start = formatAddress(family, from);
  if (size === 1n) return start;
  const hostBits = size.toString(2).length - 1;
  const isPrefix = size === 1n << BigInt(hostBits) && from % size === 0n;
  return isPrefix ? `${start}/${bitsOf[family] - hostBits}` : `${start}-${formatAddress(family, to)}`;
}

export function formatAddress(family: Family, value: bigint): string {
  return family === 4 ? parted(value, 4, 8).join(".") : formatIpv6(parted(value, 8, 16));
}

function joined(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n);
}

function parted(value: bigint, count: number, bits: number): number[] {
  const mask = (1n << BigInt(bits)) - 1n;
  return Array.from({ length: count }, (_, at) => Number((value >> BigInt((count - 1 - at) * bits)) & mask));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
