/** What the journal and the snapshot hold. Parsed at start like any other input: a damaged disk must not become a wrong ruleset. */
import * as z from "zod/mini";
import { operationSchema } from "../core/change/operation.ts";
import { namedListSchema } from "../core/farm/named-list.ts";
import { farmSchema } from "../core/farm/schema.ts";
import { actorSchema, changeAnswerSchema } from "../wire/agent.ts";
import { conditionSources } from "./condition-parts.ts";

const head = {
  uuid: z.uuid(),
  epoch: z.int(),
  n: z.int(),
  at: z.number(),
  actor: actorSchema,
  peerUid: z.nullable(z.int()),
};

const changeIntentSchema = z.object({
  type: z.literal("intent"),
  kind: z.literal("change"),
  ...head,
  operations: z.array(operationSchema),
});

const seedIntentSchema = z.object({
  type: z.literal("intent"),
  kind: z.literal("seed"),
  ...head,
  farms: z.array(farmSchema),
  lists: z._default(z.array(namedListSchema), []),
});

const intentSchema = z.discriminatedUnion("kind", [changeIntentSchema, seedIntentSchema]);
export type Intent = z.output<typeof intentSchema>;

/** How the history of ids changed outside a change of the farms: replayed in order, so that allocation stays the same. */
const allocationRecordSchema = z.discriminatedUnion("step", [
  z.object({ type: z.literal("allocation"), step: z.literal("forget-retired"), ids: z.array(z.int()) }),
  z.object({ type: z.literal("allocation"), step: z.literal("release-blocks"), bases: z.array(z.int()) }),
]);
export type AllocationRecord = z.output<typeof allocationRecordSchema>;

const conditionPartSchema = z.object({
  health: z.optional(z.enum(["up", "degraded", "down", "unknown"])),
  since: z.optional(z.number()),
  out: z.optional(z.nullable(z.enum(["ejected", "window"]))),
  factor: z.optional(z.number().check(z.gte(0), z.lte(1000))),
});
/** farm id -> backend id -> what each source said */
const farmConditionsSchema = z.record(
  z.string(),
  z.record(z.string(), z.partialRecord(z.enum(conditionSources), conditionPartSchema)),
);

/** What was measured of the backends of these farms: rules and slots followed from it, and a restart begins with it. */
const conditionsRecordSchema = z.object({ type: z.literal("conditions"), farms: farmConditionsSchema });
export type ConditionsRecord = z.output<typeof conditionsRecordSchema>;

const outcomeSchema = z.object({ type: z.literal("outcome"), answer: changeAnswerSchema });

export const journalRecordSchema = z.union([
  intentSchema,
  allocationRecordSchema,
  conditionsRecordSchema,
  outcomeSchema,
]);
export type JournalRecord = z.output<typeof journalRecordSchema>;

const entry = { version: z.int(), actor: z.nullable(actorSchema), at: z.nullable(z.number()) };
const farmEntrySchema = z.object({ farm: farmSchema, ...entry });
const listEntrySchema = z.object({ list: namedListSchema, ...entry });

export const snapshotSchema = z.object({
  segment: z.int(),
  epoch: z.int(),
  n: z.int(),
  digest: z.string(),
  allocation: z.string(),
  farms: z.array(farmEntrySchema),
  lists: z._default(z.array(listEntrySchema), []),
  conditions: z._default(farmConditionsSchema, {}),
});
export type Snapshot = z.output<typeof snapshotSchema>;
