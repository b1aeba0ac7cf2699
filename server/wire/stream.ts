/**
 * The agent's live stream: newline-JSON, one message a line. The first message is `hello` with everything; then one `tick` a
 * second with only the farms whose rows changed. Web trusts the agent's rows (same product, same version, checked by protocol)
 * and checks only the envelope: parsing 10,000 rows by schema each second would cost more than making them.
 */
import * as z from "zod/mini";
import type { BalancerLive, FarmLive, LiveEvent } from "../core/metrics/live.ts";
import type { AgentStatus } from "./agent.ts";

export type StreamMessage =
  | {
      readonly type: "hello";
      readonly protocol: number;
      readonly status: AgentStatus;
      readonly balancer: BalancerLive;
      readonly farms: readonly FarmLive[];
      /** newest last, at most 200 */
      readonly events: readonly LiveEvent[];
    }
  | {
      readonly type: "tick";
      readonly at: number;
      readonly balancer: BalancerLive;
      readonly farms: readonly FarmLive[];
      readonly removed: readonly string[];
    }
  | { readonly type: "event"; readonly event: LiveEvent }
  /** a revision was accepted: whoever caches farms reads them again */
  | { readonly type: "revision"; readonly epoch: number; readonly n: number; readonly farmIds: readonly string[] };

export const streamEnvelopeSchema = z.looseObject({ type: z.enum(["hello", "tick", "event", "revision"]) });
