/** Minutes and a history in a temporary folder, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MinuteRow, MinuteValue } from "../core/metrics/minutes.ts";
import { createHistory, type History } from "./history.ts";

export const hourMs = 3_600_000;
/** the beginning of an hour and of a day */
export const day0Ms = 20_000 * 24 * hourMs;

/** Backends by their id with new connections and active; everything else is not known. */
export function minuteOf(
  atMs: number,
  farms: Readonly<Record<string, Readonly<Record<string, readonly [MinuteValue, MinuteValue]>>>>,
  p95Ms: MinuteValue = null,
): MinuteRow {
  return {
    atMs,
    farms: Object.entries(farms).map(([farmId, backends]) => ({
      farmId,
      values: [null, p95Ms, null, null],
      backends: Object.entries(backends).map(([backendId, [newPerS, active]]) => ({
        backendId,
        values: [newPerS, active, active, null, null, null, null, null, 100],
      })),
    })),
  };
}

export type TestHistory = {
  readonly history: History;
  readonly path: string;
  readonly logged: string[];
  /** the same file by another process's life */
  reopen(): History;
  end(): void;
};

export function makeHistory(bytesMax = 1e9): TestHistory {
  const folder = mkdtempSync(join(tmpdir(), "sluice-history-"));
  const path = join(folder, "history.db");
  const logged: string[] = [];
  const opened: History[] = [];
  const open = () => {
    const made = createHistory({ path, bytesMax, pause: async () => {}, log: (event) => logged.push(event) });
    opened.push(made);
    return made;
  };
  return {
    history: open(),
    path,
    logged,
    reopen: open,
    end() {
      for (const each of opened) each.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
