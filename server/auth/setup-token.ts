/** The one-time token of the first sign-in link: a file only the launcher's user and this process can read, gone once used. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Result } from "../core/result.ts";
import { readOrMakeSecret, readSecret, removeSecret } from "./secret-file.ts";

const fileName = "setup-token";

export function ensureSetupToken(directory: string, make: () => string): Result<string> {
  return readOrMakeSecret(directory, fileName, make);
}

/** Digests are compared, so that neither content nor length shows in the time it takes. */
export function isSetupToken(directory: string, offered: string): boolean {
  const token = safeRead(directory);
  const isEqual = timingSafeEqual(digest(offered), digest(token ?? ""));
  return token !== null && isEqual;
}

export function forgetSetupToken(directory: string): void {
  removeSecret(directory, fileName);
}

function safeRead(directory: string): string | null {
  try {
    return readSecret(directory, fileName);
  } catch {
    return null; // unreadable is as good as absent: nobody gets in
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
