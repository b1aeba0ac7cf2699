/**
 * The lab's processes run from a copy in its state folder: their users could perhaps not read the checkout (a home of mode 0700),
 * and a build beside a running lab changes nothing under it.
 */
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { ServeOptions } from "./messages.ts";

const executableByOthers = 0o001;
const bundles = ["agent.mjs", "prober.mjs", "lab.mjs"];
/** what the bundles cannot hold: native addons, with the packages that carry them */
const nativePackages = ["koffi", "@koromix", "better-sqlite3", "bindings", "file-uri-to-path"];
const leftOut = /\/better-sqlite3\/(deps|src)(\/|$)|\/obj\.target(\/|$)/;

export function stagedFolder(options: { readonly stateFolder: string }): string {
  return `${options.stateFolder}/app`;
}

type Sources = { readonly distFolder: string; readonly modulesFolder: string; readonly stateFolder: string };

export function stage(options: Sources): void {
  const to = stagedFolder(options);
  for (const folder of ["dist", "node_modules"]) rmSync(`${to}/${folder}`, { recursive: true, force: true });
  mkdirSync(`${to}/dist`, { recursive: true });
  mkdirSync(`${to}/node_modules`, { recursive: true });
  for (const name of bundles)
    if (existsSync(`${options.distFolder}/${name}`))
      copyFileSync(`${options.distFolder}/${name}`, `${to}/dist/${name}`);
  for (const name of nativePackages) {
    const from = `${options.modulesFolder}/${name}`;
    if (!existsSync(from)) continue;
    cpSync(from, `${to}/node_modules/${name}`, { recursive: true, filter: (path) => !leftOut.test(path) });
  }
}

/** Without the file capability of Debian's fping, which a process without any could not run. null = there is no fping. */
export function stageFping(options: { readonly stateFolder: string }): string | null {
  const found = ["/usr/bin/fping", "/usr/sbin/fping", "/usr/local/bin/fping"].find((file) => existsSync(file));
  if (found === undefined) return null;
  const copy = `${stagedFolder(options)}/fping`;
  rmSync(copy, { force: true });
  copyFileSync(found, copy);
  chmodSync(copy, 0o755);
  return copy;
}

/** The Node that runs us, or a copy of it where other users cannot run it (a Node below a home folder). */
export function stageNode(options: ServeOptions): string {
  if (options.firstUid === null || isForEveryone(options.node)) return options.node;
  const copy = `${stagedFolder(options)}/node`;
  copyFileSync(options.node, copy);
  return copy;
}

function isForEveryone(file: string): boolean {
  for (let place = realpathSync(file); place !== "/"; place = dirname(place))
    if ((statSync(place).mode & executableByOthers) === 0) return false;
  return true;
}
