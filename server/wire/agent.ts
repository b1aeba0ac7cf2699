/**
 * Messages between web (or CLI) and agent: HTTP over the agent's Unix socket, JSON bodies, parsed by schema on both sides.
 * Every request carries the header `sluice-protocol: <protocolVersion>`; another version is answered 426 with code "protocol".
 *
 *   GET  /v1/status                       AgentStatus
 *   GET  /v1/farms                        FarmsAnswer: the desired farms and named lists, and their versions
 *   POST /v1/changes                      ChangeRequest -> ChangeAnswer (200), or ErrorAnswer
 *   GET  /v1/changes/:uuid                ChangeAnswer, 404 when the uuid was never journalled
 *   POST /v1/preview                      ChangeRequest -> PreviewAnswer; the kernel is not changed
 *   GET  /v1/journal?epoch=E&after=N      JournalAnswer: answered changes after n, at most 500, oldest first
 *   POST /v1/seed                         SeedRequest -> ChangeAnswer: the whole desired state as a new epoch (empty agent or re-seed)
 *   GET  /v1/farms/:id/ruleset            RulesetAnswer: the farm's running rules, listed from the kernel now
 *   GET  /v1/farms/:id/series?fromMs&toMs FarmSeries (server/core/metrics/live.ts)
 *   GET  /v1/farms/:id/stickiness?client&vip StickinessAnswer: what is remembered of a client; vip: the farm's address it asks for
 *   GET  /v1/farms/:id/backends/:backendId/monitor and POST .../check: monitor.ts
 *   GET  /v1/minutes?after=MS&limit=N     MinutesAnswer: ended minutes after a moment, oldest first, at most 60; `more`: ask again
 *   GET  /v1/stream                       newline-JSON StreamMessage until the caller closes
 *
 * Errors: ErrorAnswer with the status 400 invalid, 403 not-allowed, 404, 409 conflict, 413 too-large, 422 unsupported or
 * kernel-refused, 426 protocol, 429 busy, 500, 503 storage, 504 outcome-unknown.
 */
import * as z from "zod/mini";
import { operationSchema } from "../core/change/operation.ts";
import { namedListSchema } from "../core/farm/named-list.ts";
import { farmSchema } from "../core/farm/schema.ts";
import type { MinuteRow } from "../core/metrics/minutes.ts";
import { failureCodes } from "../core/result.ts";

/** Raised whenever a message of this folder changes shape. */
export const protocolVersion = 2;
export const protocolHeader = "sluice-protocol";

const failureSchema = z.object({
  code: z.enum(failureCodes),
  text: z.string(),
  retry: z.boolean(),
  issues: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});
export const errorAnswerSchema = z.object({ error: failureSchema });

/** Who asked for a change; web names its signed-in user, the agent adds the peer uid it saw. */
export const actorSchema = z.strictObject({
  id: z.string().check(z.maxLength(64)),
  name: z.string().check(z.maxLength(128)),
});
export type Actor = z.output<typeof actorSchema>;

/** One change: applied whole, in one transaction, or not at all. Idempotent by uuid. */
export const changeRequestSchema = z.strictObject({
  uuid: z.uuid(),
  actor: actorSchema,
  operations: z.array(operationSchema).check(z.minLength(1), z.maxLength(5000)),
});
export type ChangeRequest = z.output<typeof changeRequestSchema>;

const farmVersionSchema = z.object({ farm: farmSchema, version: z.int() });
const listVersionSchema = z.object({ list: namedListSchema, version: z.int() });

const appliedSchema = z.object({
  outcome: z.literal("applied"),
  uuid: z.uuid(),
  epoch: z.int(),
  n: z.int(),
  /** sha-256 of the whole desired state after this revision */
  digest: z.string(),
  at: z.number(),
  sentences: z.array(z.string()),
  /** statements in the kernel transaction; 0 = the kernel already had it */
  statements: z.int(),
  applyMs: z.number(),
});

const conflictSchema = z.object({
  outcome: z.literal("conflict"),
  uuid: z.uuid(),
  /** both sides: what the writer based its change on, and what the farm is now (null = removed) */
  conflicts: z.array(
    z.object({
      farmId: z.uuid(),
      base: z.nullable(z.int()),
      version: z.nullable(z.int()),
      farm: z.nullable(farmSchema),
      actor: z.nullable(actorSchema),
      at: z.nullable(z.number()),
    }),
  ),
  /** the same for named lists */
  lists: z._default(
    z.array(
      z.object({
        listId: z.uuid(),
        base: z.nullable(z.int()),
        version: z.nullable(z.int()),
        list: z.nullable(namedListSchema),
        actor: z.nullable(actorSchema),
        at: z.nullable(z.number()),
      }),
    ),
    [],
  ),
});

export const changeAnswerSchema = z.discriminatedUnion("outcome", [
  appliedSchema,
  conflictSchema,
  z.object({ outcome: z.literal("refused"), uuid: z.uuid(), error: failureSchema }),
  /** the intent is journalled and the transaction is under way: ask again by uuid */
  z.object({ outcome: z.literal("unknown"), uuid: z.uuid() }),
]);
export type ChangeAnswer = z.output<typeof changeAnswerSchema>;

export const seedRequestSchema = z.strictObject({
  uuid: z.uuid(),
  actor: actorSchema,
  /** last known epoch + 1 */
  epoch: z.int().check(z.gte(1)),
  /** the last known n: the new epoch goes on after it, so that no version of a farm is ever given out twice */
  after: z.optional(z.int().check(z.gte(0))),
  farms: z.array(farmSchema),
  /** absent: none */
  lists: z.optional(z.array(namedListSchema)),
});
export type SeedRequest = z.output<typeof seedRequestSchema>;

export const farmsAnswerSchema = z.object({
  epoch: z.int(),
  n: z.int(),
  farms: z.array(farmVersionSchema),
  lists: z._default(z.array(listVersionSchema), []),
});
export type FarmsAnswer = z.output<typeof farmsAnswerSchema>;

const journalEntrySchema = z.object({
  epoch: z.int(),
  n: z.int(),
  uuid: z.uuid(),
  actor: actorSchema,
  peerUid: z.nullable(z.int()),
  at: z.number(),
  digest: z.string(),
  operations: z.array(operationSchema),
  sentences: z.array(z.string()),
});
export type JournalEntry = z.output<typeof journalEntrySchema>;
export const journalAnswerSchema = z.object({ epoch: z.int(), n: z.int(), entries: z.array(journalEntrySchema) });

export const previewAnswerSchema = z.object({
  sentences: z.array(z.string()),
  script: z.string(),
  statements: z.int(),
  check: z.nullable(z.object({ ok: z.boolean(), text: z.string(), durationMs: z.number() })),
});

export const rulesetAnswerSchema = z.object({
  farmId: z.uuid(),
  at: z.number(),
  /** nft text of the farm's chains and of its elements with their counters, as the kernel lists them */
  text: z.string(),
  /** false: the kernel did not list a part; a comment stands in its place */
  isWhole: z.boolean(),
});

export type RulesetAnswer = z.output<typeof rulesetAnswerSchema>;

/** `backendId` of no backend: its backend left the farm, the client is scheduled anew. */
export const stickinessAnswerSchema = z.union([
  z.object({ known: z.literal("entry"), backendId: z.string(), expiresInS: z.number() }),
  z.object({ known: z.literal("none") }),
]);

/** Only the envelope is checked here: who keeps the values takes everything that is no number >= 0 for not known. */
export const minutesAnswerSchema = z.object({
  /** what the agent still has; null = no minute has ended yet */
  oldestMs: z.nullable(z.number()),
  newestMs: z.nullable(z.number()),
  more: z.boolean(),
  minutes: z.array(
    z.custom<MinuteRow>(
      (row) =>
        typeof row === "object" &&
        row !== null &&
        "atMs" in row &&
        typeof row.atMs === "number" &&
        "farms" in row &&
        Array.isArray(row.farms),
    ),
  ),
});
export type MinutesAnswer = z.output<typeof minutesAnswerSchema>;

export const agentStatusSchema = z.object({
  protocol: z.int(),
  version: z.string(),
  bootId: z.string(),
  startedAt: z.number(),
  at: z.number(),
  epoch: z.int(),
  n: z.int(),
  digest: z.string(),
  farms: z.int(),
  backends: z.int(),
  sync: z.enum(["in-sync", "applying", "drift", "unclaimed"]),
  /** part of its farms was lost on its disk: they are given to it again, its own never win */
  isIncomplete: z._default(z.boolean(), false),
  /** as the kernel reports them, one entry for agent and one for prober (null when it is gone) */
  processes: z.array(
    z.object({
      name: z.enum(["agent", "prober"]),
      pid: z.nullable(z.int()),
      uid: z.nullable(z.int()),
      capabilities: z.nullable(z.string()),
    }),
  ),
  host: z.object({ hostname: z.string(), kernel: z.string(), nft: z.string(), lab: z.boolean() }),
  /** what this balancer can do and cannot, with the reason */
  features: z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() })),
  conntrackMax: z.nullable(z.number()),
  /** what on this host is in the way of the farms, worst first */
  findings: z._default(
    z.array(
      z.object({
        id: z.string(),
        /** problem: traffic is lost; warning: it may be */
        level: z.enum(["problem", "warning"]),
        text: z.string(),
        /** what would put it right; null = no single command */
        command: z.nullable(z.string()),
        /** the first 20 farms it concerns, and how many there are; null = the whole balancer */
        farmIds: z.nullable(z.array(z.string())),
        farms: z.nullable(z.int()),
      }),
    ),
    [],
  ),
  /** the last foreign change of our rules that was put right; lines: `-` as found, `+` as put back */
  drift: z._default(z.nullable(z.object({ at: z.number(), text: z.string(), lines: z.array(z.string()) })), null),
});
export type AgentStatus = z.output<typeof agentStatusSchema>;
