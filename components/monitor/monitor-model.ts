/**
 * Every backend in its group, worst first. What is not known is never in the group "up": a backend without a row is unknown, and
 * when the agent or the server is silent the groups are those of the last news, said as such by whoever draws them. Pure.
 */
import { formatClock, formatDateTime } from "@/components/ui/numbers.ts";
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import { backendWords } from "@/components/ui/status-words.ts";
import { drainNote } from "@/components/weights/drain-progress.ts";
import type { MonitorRow } from "@/server/core/metrics/monitor.ts";
import type { MonitorBackend, MonitorFarm } from "./monitor-brief.ts";

export const groupKeys = ["down", "ejected", "degraded", "unknown", "draining", "maintenance", "up"] as const;
export type GroupKey = (typeof groupKeys)[number];

export const groupLooks: Record<GroupKey, { readonly title: string; readonly glyph: GlyphKind }> = {
  down: { title: "Down", glyph: "down" },
  ejected: { title: "Ejected", glyph: "degraded" },
  degraded: { title: "Degraded", glyph: "degraded" },
  unknown: { title: "Not checked or unknown", glyph: "unknown" },
  draining: { title: "Draining", glyph: "draining" },
  maintenance: { title: "Maintenance", glyph: "stopped" },
  up: { title: "Up", glyph: "up" },
};

export type MonitorItem = {
  readonly farm: MonitorFarm;
  readonly backend: MonitorBackend;
  /** null = the agent has told nothing of it */
  readonly row: MonitorRow | null;
  readonly group: GroupKey;
};

export type MonitorGroup = { readonly key: GroupKey; readonly items: readonly MonitorItem[] };

/** Groups in their order, with their items by farm and the farm's order of backends; empty ones are left out. */
export function groupsOf(items: readonly MonitorItem[]): MonitorGroup[] {
  const byKey = new Map<GroupKey, MonitorItem[]>(groupKeys.map((key) => [key, []]));
  for (const item of items) byKey.get(item.group)?.push(item);
  return groupKeys.flatMap((key) => {
    const own = byKey.get(key) ?? [];
    return own.length === 0 ? [] : [{ key, items: own }];
  });
}

export function itemsOf(farms: readonly MonitorFarm[], rows: ReadonlyMap<string, MonitorRow> | null): MonitorItem[] {
  return [...farms]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((farm) =>
      farm.backends.map((backend) => {
        const row = rows?.get(backend.id) ?? null;
        return { farm, backend, row, group: groupOf(farm, row) };
      }),
    );
}

/** Out by decision is no alarm, whatever the checks say meanwhile; a backend that drains still serves somebody, so its health counts. */
function groupOf(farm: MonitorFarm, row: MonitorRow | null): GroupKey {
  if (!farm.enabled || row?.adminState === "maintenance" || row?.out?.why === "window") return "maintenance";
  if (row === null) return "unknown";
  if (row.health === "down") return "down";
  if (row.out?.why === "ejected") return "ejected";
  if (row.health === "degraded") return "degraded";
  if (row.adminState === "drain") return "draining";
  return row.health === "up" ? "up" : "unknown";
}

/** Both axes in one line, e.g. "Draining, 37 left, Up". */
export function itemWords({ farm, row, group }: MonitorItem): string {
  if (!farm.enabled) return "Farm stopped";
  if (row === null) return "Unknown";
  const { adminState, health, active, out, isChecked } = row;
  if (out?.why === "window") return health === "unknown" ? "Maintenance window" : `Maintenance window, ${word(row)}`;
  if (group === "ejected") return `Ejected, ${word(row)}`;
  return backendWords(adminState, health, active, isChecked);
}

function word({ health }: MonitorRow): string {
  return backendWords("active", health);
}

/** Down beats every decision in shape, as everywhere; the group says what was decided. */
export function itemGlyph({ row, group }: MonitorItem, isLost: boolean): GlyphKind {
  if (isLost || row === null) return group === "maintenance" && !isLost ? "stopped" : "unknown";
  return row.health === "down" ? "down" : groupLooks[group].glyph;
}

/** Why it is so, or what is to be known of it. */
export function itemReason({ farm, row }: MonitorItem): string {
  if (!farm.enabled || row === null) return "";
  if (row.out === null && row.drain !== null && row.health !== "down")
    return row.untracked === null ? drainNote(row.drain) : `connections left: ${row.untracked}`;
  if (row.out?.why === "ejected")
    return `${row.out.text}${row.out.untilMs === null ? "" : `, until ${formatClock(row.out.untilMs)}`}`;
  if (row.out?.why !== "window") return row.reason ?? "";
  const { untilMs, text } = row.out;
  return `${untilMs === null ? "" : `until ${formatDateTime(untilMs).slice(0, 16)}`}${text === "" ? "" : `: ${text}`}`;
}

/** Since when it is in its group: a drain has a beginning of its own, and who is out otherwise has one that is not known here. */
export function itemSince({ row, group }: MonitorItem): number | null {
  if (group === "ejected" || group === "maintenance") return null;
  return group === "draining" ? (row?.drain?.sinceMs ?? null) : (row?.since ?? null);
}

/** What is wrong, worst first: what a wall shows. Not checked is no trouble by itself; to refuse connections or to be unknown is. */
export function troubles(groups: readonly MonitorGroup[]): MonitorItem[] {
  return groups.flatMap(({ key, items }) => {
    if (key === "down" || key === "ejected" || key === "degraded") return items;
    return key === "unknown" ? items.filter(({ row }) => row === null || row.isChecked || row.reason !== null) : [];
  });
}
