/** What follows from the checks of a farm: how fast a backend comes back, and when failures are not believed. */
import * as z from "zod/mini";
import { whole } from "./whole-number.ts";

export const failoverSchema = z.strictObject({
  /** seconds in which the share of a backend that came up grows from a tenth to the whole; 0 = at once */
  slowStartS: z._default(whole(0, 3600, "Slow start"), 0),
  /** percent of the backends: when more fail at once, the checks are not believed and nobody else is taken out; 100 = always believed */
  panicPct: z._default(whole(1, 100, "The panic threshold"), 50),
  /** backends that must be able to serve; with fewer, the farm as a whole counts as down (next tier, sorry server) */
  quorum: z._default(whole(1, 1000, "The quorum"), 1),
  /** a backend that changed its state this often within 10 minutes comes back later and later; 0 = never */
  flapChanges: z._default(whole(0, 100, "The number of changes"), 6),
});

export type Failover = z.output<typeof failoverSchema>;
export const defaultFailover: Failover = { slowStartS: 0, panicPct: 50, quorum: 1, flapChanges: 6 };
