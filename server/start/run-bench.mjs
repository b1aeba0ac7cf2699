/** `npm run bench`: installs and builds like npm start, then runs server/bench with the same words. Needs root. */
import { bin, buildBundles, generateClient } from "./build.mjs";
import { checkout, inCheckout } from "./checkout.mjs";
import { basePrograms, ensurePrograms, widenPath } from "./debian.mjs";
import { ensureNodeModules } from "./install.mjs";
import { main, Problem, show } from "./steps.mjs";

/** what the bench measures with, and against; a module of nginx by its path */
const benchPrograms = [
  "ab",
  "nginx",
  "/usr/lib/nginx/modules/ngx_stream_module.so",
  "nftlb",
  "haproxy",
  "iptables-legacy-restore",
];

await main(async () => {
  widenPath();
  if (process.getuid() !== 0)
    throw new Problem("The benchmarks need root: they load the kernel with sizes a user namespace does not take.");
  await ensurePrograms([...basePrograms, ...benchPrograms]);
  await ensureNodeModules();
  await generateClient();
  await buildBundles();
  return show(bin("tsx", "dist/cli.mjs", [inCheckout("server/bench/main.ts"), ...process.argv.slice(2)]), {
    cwd: checkout,
  });
});
