/** Why there are no times to draw, or null where there are some to expect. Pure. */
import type { Farm } from "@/server/core/farm/types.ts";
import type { AgentState } from "@/server/core/metrics/feed.ts";

type Protocol = Pick<Farm, "protocol">;

export function missingProbe({ protocol }: Protocol): string | null {
  return protocol === "tcp" ? null : "There is no connect probe for this protocol: latency is not measured.";
}

/** `hasTimes`: this range has some, from when the kernel still timed connections. */
export function missingTraffic({ protocol }: Protocol, agent: AgentState | null, hasTimes: boolean): string | null {
  if (protocol !== "tcp") return "Only TCP connections are timed: of this protocol's clients no time is known.";
  const feature = agent?.features.find(({ name }) => name === "latency from real traffic");
  return feature === undefined || feature.ok || hasTimes ? null : `Not measured from real traffic: ${feature.text}.`;
}
