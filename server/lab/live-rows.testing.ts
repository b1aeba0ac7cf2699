/** Live rows of a lab's agent, read from its stream as web reads them. */
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { BalancerLive, FarmLive, LiveEvent } from "../core/metrics/live.ts";

export type Seen = { readonly row: FarmLive; readonly balancer: BalancerLive };

/** The first row of the farm that fits, or the last one seen when none did in time. */
export async function awaitRow(
  socketPath: string,
  farmId: string,
  fits: (row: FarmLive) => boolean,
  withinMs = 20_000,
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

/** Events of a farm from now on until one fits, that one among them. */
export async function awaitEvents(
  socketPath: string,
  farmId: string,
  isLast: (event: LiveEvent) => boolean,
  withinMs = 20_000,
): Promise<LiveEvent[]> {
  const found = new AbortController();
  const heard: LiveEvent[] = [];
  const signal = AbortSignal.any([found.signal, AbortSignal.timeout(withinMs)]);
  await createAgentLink({ socketPath }).stream((message) => {
    if (found.signal.aborted || message.type !== "event" || message.event.farmId !== farmId) return;
    heard.push(message.event);
    if (isLast(message.event)) found.abort();
  }, signal);
  return heard;
}
