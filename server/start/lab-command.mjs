/** `npm run lab -- status`: the lab's own command, once there is something built. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inCheckout } from "./checkout.mjs";
import { Problem } from "./steps.mjs";

const bundle = inCheckout("dist/lab.mjs");

try {
  if (!existsSync(bundle)) throw new Problem("No lab was built yet. Start one with: npm start");
  await import(pathToFileURL(bundle).href);
} catch (error) {
  process.stderr.write(`${error instanceof Problem ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
