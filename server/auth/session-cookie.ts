/**
 * The session's token out of a request's cookie, if better-auth signed it. Read here because every request needs it, and
 * better-auth's own get-session costs several times as much as the look-up it ends in.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** null when there is no such cookie, or its signature is not ours. */
export function sessionToken(cookieHeader: string, cookieName: string, secret: string): string | null {
  const signed = cookieValue(cookieHeader, cookieName);
  const dot = signed?.lastIndexOf(".") ?? -1;
  if (signed === null || dot < 1) return null;
  const token = signed.slice(0, dot);
  const offered = Buffer.from(signed.slice(dot + 1));
  const expected = Buffer.from(createHmac("sha256", secret).update(token).digest("base64"));
  return offered.length === expected.length && timingSafeEqual(offered, expected) ? token : null;
}

/** Of two cookies of one name the first counts, as browsers send the narrower path first. */
function cookieValue(header: string, name: string): string | null {
  for (const part of header.split(";")) {
    const equals = part.indexOf("=");
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(equals + 1).trim());
    } catch {
      return null; // not what we once set
    }
  }
  return null;
}
