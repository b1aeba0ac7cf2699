/** Everything made from the sources, each only when they changed. */
import { buildBundles, buildWeb, generateClient } from "./build.mjs";
import { ensureNodeModules } from "./install.mjs";

/** Returns what the dashboard was built from, as a hash. */
export async function buildAll() {
  await ensureNodeModules();
  await generateClient();
  await buildBundles();
  return buildWeb();
}
