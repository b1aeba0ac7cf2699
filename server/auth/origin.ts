/**
 * Requests that change something must come from our own pages. Next lets a server action without an Origin header pass, so this is
 * checked again: no Origin, "null", or a foreign one is refused.
 */
import { fail, ok, type Result } from "../core/result.ts";

type ReadableHeaders = { get(name: string): string | null };

export function checkOrigin(headers: ReadableHeaders, ownOrigin: string): Result<null> {
  const offered = headers.get("origin");
  if (offered !== null && ownOrigins(ownOrigin).has(offered)) return ok(null);
  return fail("not-allowed", "This request did not come from Sluice's own pages; nothing was changed", {
    detail: `origin ${offered ?? "absent"}`,
  });
}

/** The origin people were told, and on loopback its other names. */
export function ownOrigins(ownOrigin: string): ReadonlySet<string> {
  const url = new URL(ownOrigin);
  const loopback = ["127.0.0.1", "localhost", "[::1]"];
  const hosts = loopback.includes(url.hostname) ? loopback : [url.hostname];
  return new Set(hosts.map((host) => `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`));
}
