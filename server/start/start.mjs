/** `npm start`; see launch.mjs. */
import { withNode } from "./node-version.mjs";

await withNode(() => import("./launch.mjs"));
