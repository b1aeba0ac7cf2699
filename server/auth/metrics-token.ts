/**
 * The bearer token of `/metrics`: a file of mode 0600 in web's state folder, read anew each time, so that an administrator may put it there
 * or take it away without a restart.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Result } from "../core/result.ts";
import { readOrMakeSecret, readSecret, removeSecret } from "./secret-file.ts";

const fileName = "metrics-token";
const lengthMin = 16;

/** null = there is none (or none that can be read, or one that is too short): nobody gets in. */
export function readMetricsToken(directory: string): string | null {
  try {
    const token = readSecret(directory, fileName);
    return token !== null && token.length >= lengthMin ? token : null;
  } catch {
    return null;
  }
}

/** A new one; the one before opens nothing any more. */
export function replaceMetricsToken(directory: string, make: () => string): Result<string> {
  removeSecret(directory, fileName);
  return readOrMakeSecret(directory, fileName, make);
}

/** `authorization`: the header as it came. Digests are compared, so that nothing of the token shows in the time it takes. */
export function hasMetricsToken(directory: string, authorization: string | null): boolean {
  const token = readMetricsToken(directory);
  const offered = /^Bearer +(\S+)\s*$/i.exec(authorization ?? "")?.[1] ?? "";
  const isEqual = timingSafeEqual(digest(offered), digest(token ?? ""));
  return token !== null && isEqual;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
