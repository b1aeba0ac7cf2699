/**
 * The agent's live stream: newline-JSON, one line each. The first line is `hello` with everything; then each second, in several lines, what
 * changed of the farms' rows. Web trusts the agent's rows (same product, same version, checked by protocol) and checks only the envelope:
 * parsing 10,000 rows by schema each second would cost more than making them.
 */
import * as z from "zod/mini";
import type { BalancerLive, FarmLive, LiveEvent } from "../core/metrics/live.ts";
import type { FarmNews } from "../core/metrics/row-news.ts";
import type { AgentStatus } from "./agent.ts";

/** Events of an agent that ended, under its own boot id; newest last. All lives together at most 400. */
export type FormerLife = { readonly bootId: string; readonly events: readonly LiveEvent[] };

type Told =
  | {
      readonly type: "hello";
      readonly protocol: number;
      readonly status: AgentStatus;
      readonly balancer: BalancerLive;
      readonly farms: readonly FarmLive[];
      /** newest last, at most 400 */
      readonly events: readonly LiveEvent[];
      /** what is still known of lives before this one, the oldest first; absent = nothing */
      readonly former?: readonly FormerLife[];
    }
  | { readonly type: "event"; readonly event: LiveEvent }
  /** a revision was accepted: whoever caches farms reads them again */
  | { readonly type: "revision"; readonly epoch: number; readonly n: number; readonly farmIds: readonly string[] };

type Tick = {
  readonly type: "tick";
  readonly at: number;
  readonly balancer: BalancerLive;
  /** the whole rows of farms */
  readonly farms: readonly FarmLive[];
  readonly removed: readonly string[];
};

/** As it is sent: rows of farms that were told before carry only their news. */
export type StreamLine = Told | (Tick & { readonly news: readonly FarmNews[] });

/** As it is understood: every row that changed is whole. */
export type StreamMessage = Told | Tick;

const rows = z.array(z.unknown());

export const streamEnvelopeSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("hello"), farms: rows }),
  z.looseObject({ type: z.literal("tick"), farms: rows, news: rows, removed: rows }),
  z.looseObject({ type: z.literal("event") }),
  z.looseObject({ type: z.literal("revision") }),
]);
