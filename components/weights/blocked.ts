import type { Role } from "@/server/core/change/views.ts";

/** Why nothing can be applied now, or null. Editing goes on in any case. */
export function blockedReason(role: Role, agent: string | null): string | null {
  if (role === "viewer") return "Viewers cannot apply: an operator does.";
  if (agent === null || agent === "answering") return null;
  return "The agent does not answer: edits stay staged until it does.";
}
