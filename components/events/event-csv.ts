/** Events as a file of comma-separated values. Pure. */
import { csvText } from "@/components/ui/csv.ts";
import type { EventView } from "@/server/core/change/views.ts";

const heads = ["time", "kind", "farm", "farm id", "event", "who"];

export function eventsCsv(events: readonly EventView[]): string {
  const rows = events.map(({ at, kind, farmName, farmId, text, by }) => [
    new Date(at).toISOString(),
    kind,
    farmName ?? "",
    farmId ?? "",
    text,
    by ?? "agent",
  ]);
  return csvText([heads, ...rows]);
}
