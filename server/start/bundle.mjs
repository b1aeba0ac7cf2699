/** Our sources as one file per program, by esbuild; imported only here, when there is something to bundle. */
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inCheckout } from "./checkout.mjs";

const external = ["koffi", "better-sqlite3"];

/** `entryPoints`: bundle name -> source file */
export async function bundle(entryPoints, outdir) {
  const { build, stop } = await import(pathToFileURL(inCheckout("node_modules/esbuild/lib/main.js")).href);
  mkdirSync(outdir, { recursive: true });
  try {
    await build({
      entryPoints,
      outdir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      external,
      // CommonJS packages inside an ESM bundle ask for require
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
      logLevel: "error",
    });
  } finally {
    // its service would live as long as we do, and npm start lives as long as the product
    await stop();
  }
}
