/** The words beside the glyphs. Two axes in one line: what the administrator decided, then what the checks say. */
import type { AdminState, FarmWord, Health } from "@/server/core/farm/types.ts";

const farmTexts: Record<FarmWord, string> = {
  stopped: "Stopped",
  unknown: "Unknown",
  maintenance: "Maintenance",
  down: "Down",
  critical: "Critical",
  problem: "Problem",
  "not-checked": "Not checked",
  up: "Up",
};

export function farmWordText(word: FarmWord): string {
  return farmTexts[word];
}

const healthTexts: Record<Health, string> = { up: "Up", degraded: "Degraded", down: "Down", unknown: "Not checked" };

/** `isChecked`: a check is set, so what is unknown is not known yet, or not any more: its reason says which. */
export function healthText(health: Health, isChecked: boolean): string {
  return health === "unknown" && isChecked ? "Not known" : healthTexts[health];
}

export function adminText(adminState: AdminState): string {
  if (adminState === "active") return "Active";
  return adminState === "drain" ? "Draining" : "Maintenance";
}

/** "Draining, 37 left, Up"; health is left out when nothing is known of it beside a decision. */
export function backendWords(
  adminState: AdminState,
  health: Health,
  active: number | null = null,
  isChecked = false,
): string {
  if (adminState === "active") return healthText(health, isChecked);
  const left = adminState === "drain" && active !== null ? `, ${active.toLocaleString("en-US")} left` : "";
  const decision = adminState === "drain" ? `Draining${left}` : "Maintenance";
  return health === "unknown" ? decision : `${decision}, ${healthTexts[health]}`;
}
