/**
 * Where a check may go at all, whatever a host's configuration allows: never to the balancer itself, to its link, to many at once, or to
 * a cloud's metadata. Judged on the parsed address, not on its text.
 */
import { canonicalAddress, parseIpv6 } from "./address.ts";

/** where clouds tell a machine its secrets, beside the link-local ones */
const metadata = ["100.100.100.200", "168.63.129.16", "fd00:ec2::254"];

/** Why this address is never checked, as a sentence; null = it may be. */
export function uncheckableAddress(address: string): string | null {
  const parsed = canonicalAddress(address);
  if (!parsed.ok) return parsed.error;
  if (metadata.includes(parsed.value)) return `${parsed.value} is a metadata service`;
  const groups = parseIpv6(parsed.value);
  const embedded = groups === null ? null : embeddedIpv4(groups);
  const inner = embedded === null ? null : uncheckableAddress(embedded);
  return inner === null ? null : `${parsed.value}: ${inner}`;
}

/** The IPv4 address that a translator would make of it: 64:ff9b::/96, 64:ff9b:1::/96, ::ffff:0:0:0/96 and 2002::/16. */
function embeddedIpv4(groups: readonly number[]): string | null {
  const [first, second = 0, third = 0] = groups;
  if (first === 0x2002) return dotted(second, third);
  const prefix = groups.slice(0, 6).map((group) => group.toString(16));
  const isTranslated = ["64:ff9b:0:0:0:0", "64:ff9b:1:0:0:0", "0:0:0:0:ffff:0"].includes(prefix.join(":"));
  return isTranslated ? dotted(groups[6] ?? 0, groups[7] ?? 0) : null;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
