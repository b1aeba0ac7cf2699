/**
 * When a maintenance window is open. Pure; the time arrives as an argument, so that a clock that jumps is simply believed. A window
 * begins with its first moment and is over at its last; several may overlap. Times in epoch milliseconds.
 */
import type { MaintenanceWindow } from "./maintenance-window.ts";
import type { Farm } from "./types.ts";

export type WindowPhase = "planned" | "current" | "past";

/** Out until then, without a moment in between, for these reasons. */
export type OpenWindow = { readonly untilMs: number; readonly note: string };

export function windowPhase({ startsAt, endsAt }: MaintenanceWindow, nowMs: number): WindowPhase {
  if (Date.parse(endsAt) <= nowMs) return "past";
  return Date.parse(startsAt) <= nowMs ? "current" : "planned";
}

/** Windows that are over say nothing any more: whoever writes the farm leaves them out. */
export function withoutPast(windows: readonly MaintenanceWindow[], nowMs: number): MaintenanceWindow[] {
  return windows.filter((window) => windowPhase(window, nowMs) !== "past");
}

/** Backends that are out now by a window, by id; the rest is not in the map. */
export function openWindows(
  { backends, maintenanceWindows }: Pick<Farm, "backends" | "maintenanceWindows">,
  nowMs: number,
): ReadonlyMap<string, OpenWindow> {
  if (maintenanceWindows.length === 0) return new Map();
  return new Map(
    backends.flatMap(({ id, name }) => {
      const open = openWindow(
        maintenanceWindows.filter(({ backend }) => backend === null || backend === name),
        nowMs,
      );
      return open === null ? [] : [[id, open] as const];
    }),
  );
}

/** A window that begins before the last one ends goes on with it. */
function openWindow(windows: readonly MaintenanceWindow[], nowMs: number): OpenWindow | null {
  const current = windows.filter((window) => windowPhase(window, nowMs) === "current");
  if (current.length === 0) return null;
  let untilMs = nowMs;
  const inOrder = [...windows].sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
  for (const { startsAt, endsAt } of inOrder)
    if (Date.parse(startsAt) <= untilMs) untilMs = Math.max(untilMs, Date.parse(endsAt));
  const notes = new Set(current.map(({ note }) => note.trim()).filter((note) => note !== ""));
  return { untilMs, note: [...notes].join("; ") };
}
