/** Where this checkout is, and the stamps that say which of its sources an output was made from. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function inCheckout(...parts) {
  return join(checkout, ...parts);
}

/** sha-256 over names and contents of files; folders are walked, `skip` leaves out paths. */
export function hashOf(paths, skip = () => false, salt = "") {
  const hash = createHash("sha256").update(salt);
  for (const path of paths.flatMap((one) => filesOf(one, skip)).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inCheckout(path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesOf(path, skip) {
  const full = inCheckout(path);
  if (!existsSync(full) || skip(path)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).flatMap((name) => filesOf(`${path}/${name}`, skip));
}

export function hasStamp(name, value) {
  const file = stampFile(name);
  return existsSync(file) && readFileSync(file, "utf8") === value;
}

export function writeStamp(name, value) {
  writeFileSync(stampFile(name), value);
}

function stampFile(name) {
  return inCheckout("node_modules", `.sluice-${name}`);
}
