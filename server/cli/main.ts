/** Entry of the `sluice` command's bundle. */
import { exit } from "./exit-codes.ts";
import { realWorld } from "./real-world.ts";
import { run } from "./run.ts";

try {
  process.exitCode = await run(process.argv.slice(2), realWorld());
} catch (error) {
  // a fault of ours is no refusal: what was asked for may have been done
  process.stderr.write(`sluice: failed inside: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exitCode = exit.failed;
}
