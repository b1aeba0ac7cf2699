/** Live rows of a lab's agent, read from its stream as web reads them. */
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { BalancerLive, FarmLive } from "../core/metrics/live.ts";

export type Seen = { readonly row: FarmLive; readonly balancer: BalancerLive };

/** The first row of the farm that fits, or the last one seen when none did in time. */
export async function awaitRow(
  socketPath: string,
  farmId: string,
  fits: (row: FarmLive) => boolean,
  withinMs = 10_000,
): Promise<Seen | null> {
  const found = new AbortController();
  let last: Seen | null = null;
  const signal = AbortSignal.any([found.signal, AbortSignal.timeout(withinMs)]);
  await createAgentLink({ socketPath }).stream((message) => {
    if (found.signal.aborted || (message.type !== "hello" && message.type !== "tick")) return;
    const row = message.farms.find((each) => each.farmId === farmId);
    if (row === undefined) return;
    last = { row, balancer: message.balancer };
    if (fits(row)) found.abort();
  }, signal);
  return last;
}
