/** dist/cli.mjs, made anew when its sources changed: a command of yesterday's sources would speak of yesterday's farms. */
import { existsSync, renameSync } from "node:fs";
import { hashOf, hasStamp, inCheckout, writeStamp } from "./checkout.mjs";
import { Problem } from "./steps.mjs";

const folders = ["cli", "core", "wire", "agent-link", "platform"].map((name) => `server/${name}`);
const isTest = (path) => /\.(test|testing)\.ts$|\/testdata(\/|$)/.test(path);

/** The path of a bundle that can be run. */
export async function cliBundle() {
  const file = inCheckout("dist/cli.mjs");
  const hash = hashOf([...folders, "package-lock.json"], isTest);
  if (existsSync(file) && hasStamp("cli", hash)) return file;
  if (!existsSync(inCheckout("node_modules/esbuild")))
    throw new Problem("The npm packages are not installed yet. Install them once with: npm ci");
  try {
    await make(file);
    writeStamp("cli", hash);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    if (!existsSync(file))
      throw new Problem(
        "This user may not write here. Let the owner of this folder run once: npm run build -- --bundles",
      );
  }
  return file;
}

/** Under a name of its own first: another command of this checkout may be reading the old one. */
async function make(file) {
  const { bundle } = await import("./bundle.mjs");
  const fresh = `cli-${process.pid}`;
  await bundle({ [fresh]: inCheckout("server/cli/main.ts") }, inCheckout("dist"));
  renameSync(inCheckout(`dist/${fresh}.mjs`), file);
}

function isReadOnly(error) {
  return (
    ["EACCES", "EPERM", "EROFS"].includes(error.code) || /permission denied|read-only file system/i.test(String(error))
  );
}
