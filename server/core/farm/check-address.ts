/**
 * Where a check may go at all, whatever a host's configuration allows: never to the balancer itself, to its link, to many at once, or to
 * a cloud's metadata. Judged on the parsed address, not on its text.
 */
import { canonicalAddress, parseIpv6 } from "./address.ts";

/** fd00:ec2::254; the IPv4 one is link-local anyway */
const metadataV6 = [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254];

/** Why this address is never checked, as a sentence; null = it may be. */
export function uncheckableAddress(address: string): string | null {
  const parsed = canonicalAddress(address);
  if (!parsed.ok) return parsed.error;
  const groups = parseIpv6(parsed.value);
  if (groups === null) return null;
  if (groups.every((group, at) => group === metadataV6[at])) return `${parsed.value} is a metadata service`;
  const embedded = embeddedIpv4(groups);
  const inner = embedded === null ? null : canonicalAddress(embedded);
  return inner === null || inner.ok ? null : `${parsed.value}: ${inner.error}`;
}

/** The IPv4 address that a translator would make of it: 64:ff9b::/96 and 2002::/16. */
function embeddedIpv4(groups: readonly number[]): string | null {
  const [first, second = 0, third = 0] = groups;
  if (first === 0x2002) return dotted(second, third);
  if (first !== 0x64 || second !== 0xff9b || groups.slice(2, 6).some((group) => group !== 0)) return null;
  return dotted(groups[6] ?? 0, groups[7] ?? 0);
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
