/**
 * Agent <-> prober, newline-JSON on the prober's own Unix socket. The agent names the targets; the prober may only answer
 * "target X: result". It never names an address, a farm or a weight, so a prober that was taken over can lie about a result and no more.
 */
import * as z from "zod/mini";

const probeTargetSchema = z.strictObject({
  key: z.string().check(z.maxLength(64)),
  address: z.string().check(z.maxLength(45)),
  port: z.int().check(z.gte(1), z.lte(65_535)),
  intervalMs: z.int().check(z.gte(100)),
  timeoutMs: z.int().check(z.gte(50)),
});
export type ProbeTarget = z.output<typeof probeTargetSchema>;

/** agent -> prober: the whole list, or only what changed */
export const proberOrderSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("targets"), targets: z.array(probeTargetSchema) }),
  z.strictObject({ type: z.literal("change"), add: z.array(probeTargetSchema), remove: z.array(z.string()) }),
]);
export type ProberOrder = z.output<typeof proberOrderSchema>;

/** prober -> agent. `connectUs`: microseconds from connect to established; null when it failed, then `error` says why. */
const probeResultSchema = z.strictObject({
  key: z.string().check(z.maxLength(64)),
  at: z.number(),
  connectUs: z.nullable(z.number().check(z.gte(0))),
  error: z.nullable(z.enum(["refused", "timeout", "unreachable", "reset", "other"])),
});
export const proberReportSchema = z.strictObject({
  type: z.literal("results"),
  pid: z.int(),
  results: z.array(probeResultSchema),
});
export type ProbeResult = z.output<typeof probeResultSchema>;
