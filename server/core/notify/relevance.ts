/** Whether an event is for a target, and whether maintenance makes it silent. Pure. */
import type { Farm } from "../farm/types.ts";
import type { LoggedEvent } from "./notice.ts";
import type { NotifyKind, TargetFilter } from "./target.ts";

export type FarmOf = (farmId: string) => Farm | null;

/** kinds that say nothing new about something that was taken out on purpose */
const quieted: readonly NotifyKind[] = ["up", "down", "health", "weight"];

export function isMeantFor(filter: TargetFilter, event: LoggedEvent, farmOf: FarmOf): boolean {
  if (!filter.kinds.includes(event.kind) && !endsWhatIsAsked(filter, event)) return false;
  if (filter.farmIds.length === 0 && filter.tags.length === 0) return true;
  if (event.farmId === null) return false;
  if (filter.farmIds.includes(event.farmId)) return true;
  return farmOf(event.farmId)?.tags.some((tag) => filter.tags.includes(tag)) ?? false;
}

/** Whoever is told of problems hears when they are over, or would be reminded of them for ever. */
function endsWhatIsAsked({ kinds }: TargetFilter, { kind }: LoggedEvent): boolean {
  return (kind === "up" && kinds.includes("down")) || (kind === "back" && kinds.includes("lost"));
}

/** Its backend is in maintenance, by decision or by a window, or its farm is stopped. */
export function isSilent({ kind, farmId, backendId, at }: LoggedEvent, farmOf: FarmOf): boolean {
  const farm = farmId === null || !quieted.includes(kind) ? null : farmOf(farmId);
  return farm !== null && isOutByDecision(farm, backendId, at);
}

export function isOutByDecision(farm: Farm, backendId: string | null, atMs: number): boolean {
  if (!farm.enabled) return true;
  const backend = farm.backends.find(({ id }) => id === backendId);
  if (backend?.adminState === "maintenance") return true;
  return farm.maintenanceWindows.some(
    (window) =>
      (window.backend === null || window.backend === backend?.name) &&
      Date.parse(window.startsAt) <= atMs &&
      atMs < Date.parse(window.endsAt),
  );
}
