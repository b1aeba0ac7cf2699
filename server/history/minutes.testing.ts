/** Minutes and a history in a temporary folder, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FarmWord } from "../core/farm/types.ts";
import { type MinuteRow, type MinuteValue, numberOfWord } from "../core/metrics/minutes.ts";
import { createHistory, type History } from "./history.ts";

export const hourMs = 3_600_000;
/** the beginning of an hour and of a day */
export const day0Ms = 20_000 * 24 * hourMs;

/**
 * Backends by their id with new connections and active; `traffic`: p50, p95, p99 and how many opened, of the farm and of each; `word`: the
 * worst of each farm.
 */
export function minuteOf(
  atMs: number,
  farms: Readonly<Record<string, Readonly<Record<string, readonly [MinuteValue, MinuteValue]>>>>,
  p95Ms: MinuteValue = null,
  traffic: readonly MinuteValue[] = [null, null, null, null],
  word: FarmWord | null = null,
): MinuteRow {
  return {
    atMs,
    farms: Object.entries(farms).map(([farmId, backends]) => ({
      farmId,
      values: [p95Ms, p95Ms, p95Ms, null, ...traffic, word === null ? null : numberOfWord(word)],
      backends: Object.entries(backends).map(([backendId, [newPerS, active]]) => ({
        backendId,
        values: [
          ...[newPerS, active, active, null, null, null, null, null, 100, null, null],
          ...[0, 1, 3].map((at) => traffic[at] ?? null),
        ],
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
