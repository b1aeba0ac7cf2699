/**
 * Ejection by what real clients see: opens that a backend refused or never answered. The hold time doubles with each ejection in a row,
 * up to `holdMaxS`; never more than `ejectedPctMax` of the farm at once.
 */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { isTracked } from "./forwarding.ts";
import type { Farm } from "./types.ts";
import { whole } from "./whole-number.ts";

export const outlierSchema = z.strictObject({
  /** percent of opens within the window that failed */
  failedPct: z._default(whole(1, 100, "The failed part"), 50),
  /** opens within the window below which nothing is concluded */
  opensMin: z._default(whole(3, 100_000, "The number of opens"), 20),
  windowS: z._default(whole(1, 300, "The window"), 10),
  holdS: z._default(whole(1, 3600, "The hold time"), 30),
  holdMaxS: z._default(whole(1, 86_400, "The longest hold time"), 300),
  ejectedPctMax: z._default(whole(1, 100, "The ejected part"), 50),
});
export type Outlier = z.output<typeof outlierSchema>;

/** Opens are seen where connections have one, and where the kernel tracks them. */
export function outlierIssues(farm: Farm): Issue[] {
  if (farm.outlier === null) return [];
  if (farm.protocol !== "tcp" && farm.protocol !== "all")
    return [{ path: "outlier", message: "Real traffic is judged by opens of TCP connections: the farm has none" }];
  return isTracked(farm)
    ? []
    : [{ path: "outlier", message: "Real traffic is judged by connection tracking, which this forwarding leaves out" }];
}
