/**
 * Secrets that must be given to others (a mail server's password, a webhook's address) and so cannot be hashed. They lie in the database
 * encrypted (AES-256-GCM); the key is a file of mode 0600 beside it, so a copy of the database alone tells nothing. `about` is bound to the
 * secret: moved to another row it does not open.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { fail, ok, type Result } from "../core/result.ts";
import { readOrMakeSecret } from "./secret-file.ts";

const fileName = "notify-key";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

export function seal(directory: string, about: string, text: string): Result<string> {
  const key = keyOf(directory);
  if (!key.ok) return key;
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key.value, iv).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return ok(Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64"));
}

/** Fails when the key is another one, or the text was altered. */
export function unseal(directory: string, about: string, sealed: string): Result<string> {
  const key = keyOf(directory);
  if (!key.ok) return key;
  const bytes = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.value, bytes.subarray(0, ivBytes));
    decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return ok(text.toString("utf8"));
  } catch (error) {
    return fail("storage", `The key (${fileName}) is not the one its secrets were kept with; enter them again`, {
      detail: String(error),
    });
  }
}

function keyOf(directory: string): Result<Buffer> {
  const text = readOrMakeSecret(directory, fileName, () => randomBytes(keyBytes).toString("base64url"));
  return text.ok ? ok(createHash("sha256").update(text.value).digest()) : text;
}
