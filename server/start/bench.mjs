/** `npm run bench`; see run-bench.mjs. */
import { withNode } from "./node-version.mjs";

await withNode(() => import("./run-bench.mjs"));
