/**
 * node_modules from package-lock.json, only when the lock file changed. Native parts are compiled only when there is no prebuilt
 * one to download, with the headers of the running Node.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout, hashOf, hasStamp, inCheckout, writeStamp } from "./checkout.mjs";
import { checkDisk } from "./checks.mjs";
import { compilerPrograms, ensurePrograms } from "./debian.mjs";
import { aloneInCheckout } from "./lock.mjs";
import { boundToUs } from "./processes.mjs";
import { capture, run, step } from "./steps.mjs";

const installMb = 2500;

export function ensureNodeModules() {
  return aloneInCheckout(installIfStale);
}

/** Programs that node_modules will need here: known once the packages are there and no prebuilt driver can be had. */
export function neededPrograms() {
  return aloneInCheckout(async () => {
    if (hasStamp("install", installHash())) return [];
    await installPackages();
    return (await hasDriver()) ? [] : compilerPrograms;
  });
}

async function installIfStale() {
  const hash = installHash();
  if (hasStamp("install", hash)) return;
  await installPackages();
  if (!(await hasDriver())) await compileDriver();
  writeStamp("install", hash);
}

function installHash() {
  return hashOf(["package-lock.json"], undefined, `${process.version} ${process.arch}`);
}

async function installPackages() {
  if (isInstalledByHand()) return;
  checkDisk(checkout, installMb, "installing the npm packages");
  await step("installing npm packages (npm ci)", () => npm(["ci", "--ignore-scripts"]));
}

/** npm's own record of what it installed says the same as the lock file. */
function isInstalledByHand() {
  const record = inCheckout("node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const have = JSON.parse(readFileSync(record, "utf8")).packages;
  const want = JSON.parse(readFileSync(inCheckout("package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === "" || optional === true || have[path]?.version === version,
  );
}

/** It loads, now or with a prebuilt part that could be downloaded. */
async function hasDriver() {
  if (await loads("better-sqlite3")) return true;
  const folder = inCheckout("node_modules/better-sqlite3");
  const prebuilt = join(checkout, "node_modules/prebuild-install/bin.js");
  await step("fetching the prebuilt database driver", () => capture([process.execPath, prebuilt], { cwd: folder }));
  return loads("better-sqlite3");
}

async function compileDriver() {
  await ensurePrograms(compilerPrograms);
  await step("compiling the database driver (about a minute)", () => npm(["rebuild", "better-sqlite3"]));
}

async function loads(name) {
  const script = `const D=require(${JSON.stringify(name)});new D(":memory:").close()`;
  return (await capture([process.execPath, "-e", script], { cwd: checkout })).code === 0;
}

function npm(words) {
  return run(boundToUs(["npm", ...words, "--no-audit", "--no-fund"]), {
    cwd: checkout,
    env: { ...process.env, ...headers() },
  });
}

/** node-gyp compiles against these headers instead of fetching some; without them it fetches. */
function headers() {
  const folder = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(folder, "include/node/node.h")) ? { npm_config_nodedir: folder } : {};
}
