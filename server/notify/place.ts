/**
 * Where messages may go. A name is resolved here and the connection made to the very address that was looked at. Loopback, link-local,
 * metadata and multicast are refused: an address typed into the page must not reach what trusts this host for being itself. The host's
 * owner allows networks by SLUICE_NOTIFY_NETWORKS.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { uncheckableAddress } from "../core/farm/check-address.ts";
import { isWithin, type Network } from "../core/farm/networks.ts";
import { ok, type Result } from "../core/result.ts";

export type Place = { readonly address: string; readonly family: number };

/** The address to connect to, or why there is none, as a sentence. */
export async function placeOf(host: string, allowed: readonly Network[]): Promise<Result<Place, string>> {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const found = await addressesOf(bare);
  if (!found.ok) return found;
  const permitted = found.value.find(({ address }) => refusal(address, allowed) === null);
  if (permitted !== undefined) return ok(permitted);
  const [first] = found.value;
  const why = first === undefined ? "it has no address" : (refusal(first.address, allowed) ?? "");
  return { ok: false, error: `${bare}: ${why}` };
}

async function addressesOf(host: string): Promise<Result<readonly Place[], string>> {
  const literal = isIP(host);
  if (literal !== 0) return ok([{ address: host, family: literal }]);
  try {
    return ok(await lookup(host, { all: true, verbatim: true }));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { ok: false, error: `the name ${host} is not found${code === "" ? "" : ` (${code})`}` };
  }
}

function refusal(address: string, allowed: readonly Network[]): string | null {
  if (isWithin(allowed, address)) return null;
  const why = uncheckableAddress(address);
  return why === null ? null : `${why}: nothing is sent there; the host's owner may allow it by SLUICE_NOTIFY_NETWORKS`;
}
