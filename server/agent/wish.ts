/** What a backend asks for by agent-check, as a condition: a part of its weight, no new clients (drain), or nobody at all (maintenance). */
import type { ProbeResult } from "../wire/prober.ts";
import type { ConditionPart } from "./condition-parts.ts";

/**
 * null = nothing. `before`: what it asked for so far, which holds until its agent says something else: one that asked for maintenance is
 * silent soon after. `isWeighed`: the farm's scheduler follows the percentage already.
 */
export function wishPart(
  { error, wish, weightPct = 100 }: ProbeResult,
  before: ConditionPart | null,
  isWeighed: boolean,
): ConditionPart | null {
  // "unhealthy": the agent answered, and says that its backend is not well
  if (error !== null && error !== "unhealthy") return before;
  if (wish === "maintenance") return { out: "window" };
  if (wish === "drain" || weightPct === 0) return { factor: 0 };
  return weightPct === 100 || isWeighed ? null : { factor: weightPct / 100 };
}

export function wishWords(part: ConditionPart): string {
  if (part.out === "window") return "asks for maintenance";
  if (part.factor === 0) return "asks to be drained";
  return `asks for ${Math.round((part.factor ?? 1) * 100)} % of its weight`;
}
