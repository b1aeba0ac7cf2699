/** Events as CSV (RFC 4180). What people chose never becomes a formula in a spreadsheet. Pure. */
import type { EventView } from "@/server/core/change/views.ts";

const heads = ["time", "kind", "farm", "farm id", "event", "who"];

export function csvText(events: readonly EventView[]): string {
  const rows = events.map(({ at, kind, farmName, farmId, text, by }) => [
    new Date(at).toISOString(),
    kind,
    farmName ?? "",
    farmId ?? "",
    text,
    by ?? "agent",
  ]);
  return [heads, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
