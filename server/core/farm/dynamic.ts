/** Weights that follow measurements (least-connections, least-response, least-load): their bounds, and what least-load reads. */
import * as z from "zod/mini";
import type { Scheduler } from "./types.ts";
import { whole } from "./whole-number.ts";

/** Where least-load reads how busy a backend is. The prober asks. */
export const loadSourceSchema = z.discriminatedUnion("type", [
  /** Prometheus node_exporter: CPU seconds by mode */
  z.strictObject({
    type: z.literal("node-exporter"),
    port: z._default(whole(1, 65_535, "A port"), 9100),
    path: z._default(z.string().check(z.regex(/^\/[\x21-\x7e]{0,255}$/, "A path begins with /")), "/metrics"),
  }),
  /** HAProxy's agent-check: `75%` is the part of its weight that it wants */
  z.strictObject({ type: z.literal("agent"), port: whole(1, 65_535, "A port") }),
  /** SNMP v2c: hrProcessorLoad */
  z.strictObject({
    type: z.literal("snmp"),
    port: z._default(whole(1, 65_535, "A port"), 161),
    community: z._default(
      z.string().check(z.regex(/^[\x21-\x7e]{1,64}$/, "A community has 1 to 64 printable characters")),
      "public",
    ),
  }),
]);
export type LoadSource = z.output<typeof loadSourceSchema>;

/** Bounds of a weight that follows measurements, in percent of the administrator's own. */
export const dynamicSchema = z.strictObject({
  floorPct: z._default(whole(1, 100, "The floor"), 10),
  ceilingPct: z._default(whole(100, 1000, "The ceiling"), 200),
  /** least-load only; null there = weights stay fixed */
  load: z._default(z.nullable(loadSourceSchema), null),
});
export type Dynamic = z.output<typeof dynamicSchema>;
export const defaultDynamic: Dynamic = { floorPct: 10, ceilingPct: 200, load: null };

/** Whether weights of this scheduler follow measurements. */
export function isMeasured(scheduler: Scheduler): scheduler is "least-connections" | "least-response" | "least-load" {
  return scheduler === "least-connections" || scheduler === "least-response" || scheduler === "least-load";
}
