/** How far a target has been told, beside its cursor: kept in its row, so that a restart neither loses nor repeats more than one message. */
import * as z from "zod/mini";

/** One thing that has trouble or lately had: a backend, or the agent. */
const subjectSchema = z.object({
  key: z.string(),
  farmId: z.nullable(z.string()),
  farmName: z.nullable(z.string()),
  backendId: z.nullable(z.string()),
  /** its name, which outlives it here */
  backend: z.nullable(z.string()),
  /** the same from the problem to its end */
  incident: z.string(),
  isOpen: z.boolean(),
  /** what the receiver believes */
  isOpenTold: z.boolean(),
  isFlapping: z.boolean(),
  sinceMs: z.number(),
  text: z.string(),
  lastAt: z.number(),
  /** events not told yet */
  pending: z.array(z.int()),
  changes: z.int(),
  /** when changes of it were told, the newest last */
  toldAt: z.array(z.number()),
  /** reminders included */
  lastToldAt: z.nullable(z.number()),
  /** nothing is said before: it just came out of maintenance */
  quietUntil: z.number(),
});
export type Subject = z.output<typeof subjectSchema>;

export const progressSchema = z.object({
  /** last event of the batch that is being told; null = none */
  batchTo: z._default(z.nullable(z.int()), null),
  /** keys of those of its messages that were told */
  done: z._default(z.array(z.string()), []),
  subjects: z._default(z.array(subjectSchema), []),
});
export type Progress = z.output<typeof progressSchema>;

export const noProgress: Progress = { batchTo: null, done: [], subjects: [] };
/** of a disaster bigger than this the end of the oldest problems is not told as theirs */
export const subjectsMax = 5000;
