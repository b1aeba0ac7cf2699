/** `npm test`; see run-tests.mjs. */
import { withNode } from "./node-version.mjs";

await withNode(() => import("./run-tests.mjs"));
