/** What a backend asks for by agent-check, as a condition: a part of its weight, no new clients (drain), or nobody at all (maintenance). */
import type { ProbeResult } from "../wire/prober.ts";
import type { ConditionPart } from "./condition-parts.ts";

/** null = nothing. A check that failed says nothing new of what the backend wants: it is as if nothing had been asked. */
export function wishPart({ error, wish, weightPct }: ProbeResult): ConditionPart | null {
  if (error !== null) return null;
  if (wish === "maintenance") return { out: "window" };
  if (wish === "drain") return { factor: 0 };
  return weightPct === undefined || weightPct === 100 ? null : { factor: weightPct / 100 };
}

export function wishWords(part: ConditionPart): string {
  if (part.out === "window") return "asks for maintenance";
  if (part.factor === 0) return "asks to be drained";
  return `asks for ${Math.round((part.factor ?? 1) * 100)} % of its weight`;
}
