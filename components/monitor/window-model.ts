/** Maintenance windows as the page lists and plans them. A planned window is the farm's document with one more entry. Pure. */
import { formatDateTime } from "@/components/ui/numbers.ts";
import type { MaintenanceWindow } from "@/server/core/farm/maintenance-window.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { type WindowPhase, windowPhase, withoutPast } from "@/server/core/farm/window-times.ts";
import type { MonitorFarm } from "./monitor-brief.ts";

export type ListedWindow = {
  readonly key: string;
  readonly farm: Pick<MonitorFarm, "id" | "name">;
  readonly window: MaintenanceWindow;
  readonly phase: WindowPhase;
};

const phaseOrder: readonly WindowPhase[] = ["current", "planned", "past"];

/** Open ones first, then by their beginning; those that are over last. */
export function listWindows(
  farms: readonly Pick<MonitorFarm, "id" | "name" | "windows">[],
  nowMs: number,
): ListedWindow[] {
  return farms
    .flatMap(({ id, name, windows }) =>
      windows.map((window, at) => ({
        key: `${id} ${at} ${window.startsAt}`,
        farm: { id, name },
        window,
        phase: windowPhase(window, nowMs),
      })),
    )
    .sort(
      (a, b) =>
        phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase) ||
        Date.parse(a.window.startsAt) - Date.parse(b.window.startsAt) ||
        (a.farm.name < b.farm.name ? -1 : 1),
    );
}

/** What is planned: some backends of some farms, or whole farms (backendNames null). */
export type WindowTarget = {
  readonly farmId: string;
  readonly farmName: string;
  readonly backendNames: readonly string[] | null;
};

/** Ticked backends by farm; all of them are the whole farm, which is one window instead of hundreds. */
export function targetsOf(farms: readonly MonitorFarm[], ticked: ReadonlySet<string>): WindowTarget[] {
  return farms.flatMap(({ id, name, backends }) => {
    const names = backends.filter((backend) => ticked.has(backend.id)).map((backend) => backend.name);
    if (names.length === 0) return [];
    return [{ farmId: id, farmName: name, backendNames: names.length === backends.length ? null : names }];
  });
}

export type WindowDraft = { readonly from: string; readonly to: string; readonly note: string };

/** In the words of a date box: the reader's own time, to the minute. */
export function boxText(atMs: number): string {
  return formatDateTime(atMs).slice(0, 16).replace(" ", "T");
}

export function draftIssue({ from, to }: WindowDraft, nowMs: number): { field: "from" | "to"; text: string } | null {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (Number.isNaN(fromMs)) return { field: "from", text: "When does it begin?" };
  if (Number.isNaN(toMs)) return { field: "to", text: "When does it end?" };
  if (toMs <= fromMs) return { field: "to", text: "It ends before it begins" };
  return toMs <= nowMs ? { field: "to", text: "That is over already" } : null;
}

/** The farm with the window for each of the target's backends; windows that are over are left out on the way. */
export function withWindow(farm: Farm, target: WindowTarget, draft: WindowDraft, nowMs: number): Farm {
  const times = { startsAt: new Date(draft.from).toISOString(), endsAt: new Date(draft.to).toISOString() };
  const note = draft.note.trim();
  const names: readonly (string | null)[] = target.backendNames ?? [null];
  const added = names.map((backend) => ({ backend, ...times, note }));
  return { ...farm, maintenanceWindows: [...withoutPast(farm.maintenanceWindows, nowMs), ...added] };
}

/** The farm without that window: an open one is over at once. */
export function withoutWindow(farm: Farm, gone: MaintenanceWindow, nowMs: number): Farm {
  const at = farm.maintenanceWindows.findIndex((window) => JSON.stringify(window) === JSON.stringify(gone));
  const left = farm.maintenanceWindows.filter((_, index) => index !== at);
  return { ...farm, maintenanceWindows: withoutPast(left, nowMs) };
}

/** "web-1, web-2 of shop; all of mail". */
export function targetText(targets: readonly WindowTarget[]): string {
  return targets
    .map(({ farmName, backendNames }) => {
      if (backendNames === null) return `All of ${farmName}`;
      const shown = backendNames.slice(0, 5).join(", ");
      return `${shown}${backendNames.length > 5 ? ` and ${backendNames.length - 5} more` : ""} of ${farmName}`;
    })
    .join("; ");
}
