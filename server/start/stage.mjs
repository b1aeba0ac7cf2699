/** Bundles and native packages, copied to where the services' users can read them. The lab does the same for itself. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { inCheckout } from "./checkout.mjs";
import { placeOf } from "./debian.mjs";

const executableByOthers = 0o001;
const nativePackages = ["koffi", "@koromix", "better-sqlite3", "bindings", "file-uri-to-path"];
const leftOut = /\/better-sqlite3\/(deps|src)(\/|$)|\/obj\.target(\/|$)/;

export function stageBundles(app) {
  for (const name of ["dist", "node_modules"]) rmSync(`${app}/${name}`, { recursive: true, force: true });
  mkdirSync(`${app}/dist`, { recursive: true });
  // the kernel tests keep a folder of their own beside the bundles
  for (const name of readdirSync(inCheckout("dist")).filter((one) => one.endsWith(".mjs")))
    copyFileSync(inCheckout("dist", name), `${app}/dist/${name}`);
  for (const name of nativePackages) {
    const from = inCheckout("node_modules", name);
    if (!existsSync(from)) continue;
    cpSync(from, `${app}/node_modules/${name}`, { recursive: true, filter: (path) => !leftOut.test(path) });
  }
}

/** Debian's fping has a file capability and so cannot be run by a process without it; a copy has none. */
export function stageFping(app) {
  const copy = `${app}/fping`;
  rmSync(copy, { force: true });
  copyFileSync(placeOf("fping"), copy);
  chmodSync(copy, 0o755);
  return copy;
}

/** The running Node, or a copy of it where other users cannot run it (a Node below a home folder). */
export function stageNode(app) {
  if (isForEveryone(process.execPath)) return process.execPath;
  copyFileSync(process.execPath, `${app}/node`);
  return `${app}/node`;
}

function isForEveryone(file) {
  for (let place = realpathSync(file); place !== "/"; place = dirname(place))
    if ((statSync(place).mode & executableByOthers) === 0) return false;
  return true;
}
