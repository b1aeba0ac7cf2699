/** dist/cli.mjs, made anew when its sources changed: a command of yesterday's sources would speak of yesterday's farms. */
import { accessSync, constants, existsSync, renameSync } from "node:fs";
import { checkout, hashOf, hasStamp, inCheckout, writeStamp } from "./checkout.mjs";
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
  if (mayWrite()) {
    await make(file);
    writeStamp("cli", hash);
  } else if (!existsSync(file))
    throw new Problem(
      "This user may not write here. Let the owner of this folder run once: npm run build -- --bundles",
    );
  return file;
}

/** Under a name of its own first: another command of this checkout may be reading the old one. */
async function make(file) {
  const { bundle } = await import("./bundle.mjs");
  const fresh = `cli-${process.pid}`;
  await bundle({ [fresh]: inCheckout("server/cli/main.ts") }, inCheckout("dist"));
  renameSync(inCheckout(`dist/${fresh}.mjs`), file);
}

/** Somebody else's checkout: what its owner built is what there is. */
function mayWrite() {
  const places = [checkout, inCheckout("dist"), inCheckout("node_modules")].filter((place) => existsSync(place));
  try {
    for (const place of places) accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
