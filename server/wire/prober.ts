/**
 * Agent <-> prober, newline-JSON on the prober's own Unix socket. The agent names the targets; the prober may only answer
 * "target X: result". It never names an address, a farm or a weight, so a prober that was taken over can lie about a result and no more.
 * Keys are the agent's: the kernel's number of a backend, a colon, and what is asked (`17:connect`, `17:check`, `17:load`).
 */
import * as z from "zod/mini";
import { loadSourceSchema } from "../core/farm/dynamic.ts";
import { healthCheckSchema } from "../core/farm/health-check.ts";

/** What is asked: how long a TCP connection takes, whether the backend works, how busy it is. */
const probeSchema = z.discriminatedUnion("what", [
  z.strictObject({ what: z.literal("connect") }),
  z.strictObject({ what: z.literal("check"), check: healthCheckSchema }),
  z.strictObject({ what: z.literal("load"), source: loadSourceSchema }),
]);
export type Probe = z.output<typeof probeSchema>;

const probeTargetSchema = z.strictObject({
  key: z.string().check(z.maxLength(64)),
  address: z.string().check(z.maxLength(45)),
  /** null = a ping, which has none */
  port: z.nullable(z.int().check(z.gte(1), z.lte(65_535))),
  intervalMs: z.int().check(z.gte(100)),
  timeoutMs: z.int().check(z.gte(50)),
  probe: probeSchema,
});
export type ProbeTarget = z.output<typeof probeTargetSchema>;

/** agent -> prober: the whole list, what changed (a known key keeps its rhythm), or "ask these at once". */
export const proberOrderSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("targets"), targets: z.array(probeTargetSchema) }),
  z.strictObject({ type: z.literal("change"), add: z.array(probeTargetSchema), remove: z.array(z.string()) }),
  z.strictObject({ type: z.literal("now"), keys: z.array(z.string()) }),
]);
export type ProberOrder = z.output<typeof proberOrderSchema>;

export const probeErrors = [
  "refused",
  "timeout",
  "unreachable",
  "reset",
  /** the connection ended before the answer was whole */
  "closed",
  /** the handshake or the certificate */
  "tls",
  /** an answer that is not of its protocol, or too long */
  "malformed",
  /** an answer that says no: status, missing text, NXDOMAIN, NOT_SERVING, exit code, `down` */
  "unhealthy",
  /** the check cannot be run here: no fping, no such command, address not allowed */
  "cannot-check",
  "other",
] as const;
export type ProbeError = (typeof probeErrors)[number];

/** prober -> agent. Times in microseconds. `error` null = good; then `tookUs` is a number. */
const probeResultSchema = z.strictObject({
  key: z.string().check(z.maxLength(64)),
  /** epoch milliseconds at which it began */
  at: z.number(),
  /** until the connection stood; null = none was made, or not of this kind */
  connectUs: z.nullable(z.number().check(z.gte(0))),
  /** until the answer was complete */
  tookUs: z.nullable(z.number().check(z.gte(0))),
  error: z.nullable(z.enum(probeErrors)),
  /** in words, what was seen ("status 503"): from a closed set of sentences and numbers, printable, at most 200 characters */
  text: z._default(z.string().check(z.maxLength(200), z.regex(/^[\x20-\x7e]*$/)), ""),
  /** good, but not all is well: a certificate that ends soon, a DNS answer without records */
  degraded: z._default(z.boolean(), false),
  /** of the certificate; absent = none was seen */
  certificateDays: z.optional(z.number()),
  /** agent-check: percent of the weight that the backend wants */
  weightPct: z.optional(z.number().check(z.gte(0), z.lte(1000))),
  /** agent-check: what the backend asks of its administrator */
  wish: z.optional(z.enum(["ready", "drain", "maintenance"])),
  /** percent of CPU in use, 0 to 100 */
  loadPct: z.optional(z.number().check(z.gte(0), z.lte(100))),
});
export const proberReportSchema = z.strictObject({
  type: z.literal("results"),
  pid: z.int(),
  results: z.array(probeResultSchema),
});
export type ProbeResult = z.output<typeof probeResultSchema>;
