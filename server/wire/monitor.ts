/**
 * What is known of one backend over time, beside its live row.
 *
 *   GET  /v1/farms/:id/backends/:backendId/monitor   BackendMonitor
 *   POST /v1/farms/:id/backends/:backendId/check     CheckEntry: asked at once ("Test now"); 409 without a check, 503 without a prober
 */
import * as z from "zod/mini";
import { probeErrors } from "./prober.ts";

/** One check that was made. */
export const checkEntrySchema = z.object({
  at: z.number(),
  ok: z.boolean(),
  /** good, but not all is well */
  degraded: z.boolean(),
  tookMs: z.nullable(z.number()),
  error: z.nullable(z.enum(probeErrors)),
  text: z.string(),
});
export type CheckEntry = z.output<typeof checkEntrySchema>;

/** Counts by upper bound; the last bound is null (everything above). */
const histogramSchema = z.object({ boundsMs: z.array(z.nullable(z.number())), counts: z.array(z.int()) });
export type Histogram = z.output<typeof histogramSchema>;

export const backendMonitorSchema = z.object({
  farmId: z.string(),
  backendId: z.string(),
  /** newest last, at most 200 */
  checks: z.array(checkEntrySchema),
  /** one entry a minute of the last two hours, newest last: the heartbeat strip */
  beats: z.array(
    z.object({ atMs: z.number(), good: z.int(), bad: z.int(), health: z.enum(["up", "degraded", "down", "unknown"]) }),
  ),
  /** over the rolling minute; absent = not measured */
  probeTimes: z.optional(histogramSchema),
  trafficTimes: z.optional(histogramSchema),
  /** planned share and why it changed, newest last, at most 200 */
  weights: z.array(z.object({ atMs: z.number(), weight: z.number(), plannedPct: z.number(), text: z.string() })),
});
export type BackendMonitor = z.output<typeof backendMonitorSchema>;
