/**
 * Which backend rows the monitor pages get now: a change of state at once, numbers at most once a second for each 500 rows, so that
 * ten thousand backends never fill a browser's line. What a row was when it was last sent is followed for all pages together; a
 * page that comes later gets everything in its snapshot, and now and then a row twice.
 */
import type { FarmLive } from "../core/metrics/live.ts";
import { type MonitorRow, monitorRows, stateText } from "../core/metrics/monitor.ts";

type MonitorNews = { readonly rows: readonly MonitorRow[]; readonly gone: readonly string[] };

export type MonitorRows = {
  /** what is due after these farms changed, on the balancer's clock */
  tick(changed: readonly FarmLive[], removed: readonly string[], atMs: number): MonitorNews;
  /** nobody looks, or everybody was just told everything */
  reset(): void;
};

const rowsPerS = 500;

type Sent = { readonly state: string; readonly text: string; readonly atMs: number };

export function createMonitorRows(): MonitorRows {
  const farms = new Map<string, Map<string, Sent>>();
  /** as it is now, waiting for its turn */
  const waiting = new Map<string, MonitorRow>();
  let count = 0;

  function forget(farmId: string, backendIds: readonly string[]): readonly string[] {
    const sent = farms.get(farmId);
    for (const backendId of backendIds) {
      waiting.delete(backendId);
      if (sent?.delete(backendId)) count -= 1;
    }
    if (sent?.size === 0) farms.delete(farmId);
    return backendIds;
  }

  function send(row: MonitorRow, state: string, text: string, atMs: number): MonitorRow {
    const sent = farms.get(row.farmId) ?? new Map<string, Sent>();
    farms.set(row.farmId, sent);
    if (!sent.has(row.backendId)) count += 1;
    sent.set(row.backendId, { state, text, atMs });
    waiting.delete(row.backendId);
    return row;
  }

  function takeFarm(farm: FarmLive, atMs: number): MonitorRow[] {
    return monitorRows(farm).flatMap((row) => {
      const state = stateText(row);
      if (farms.get(row.farmId)?.get(row.backendId)?.state !== state)
        return [send(row, state, JSON.stringify(row), atMs)];
      waiting.set(row.backendId, row);
      return [];
    });
  }

  function takeWaiting(atMs: number): MonitorRow[] {
    // a tick is never a whole second after the last one
    const pauseMs = (count / rowsPerS) * 1000 - 100;
    return [...waiting.values()].flatMap((row) => {
      const last = farms.get(row.farmId)?.get(row.backendId);
      // a clock that was set back makes nobody wait
      if (last !== undefined && atMs >= last.atMs && atMs - last.atMs < pauseMs) return [];
      const text = JSON.stringify(row);
      if (last?.text !== text) return [send(row, last?.state ?? stateText(row), text, atMs)];
      waiting.delete(row.backendId);
      return [];
    });
  }

  return {
    tick(changed, removed, atMs) {
      const left = changed.map((farm) => {
        const ids = new Set(farm.backends.map(({ backendId }) => backendId));
        return forget(
          farm.farmId,
          [...(farms.get(farm.farmId)?.keys() ?? [])].filter((id) => !ids.has(id)),
        );
      });
      const removedRows = removed.map((farmId) => forget(farmId, [...(farms.get(farmId)?.keys() ?? [])]));
      const due = changed.flatMap((farm) => takeFarm(farm, atMs));
      return { rows: [...due, ...takeWaiting(atMs)], gone: [...left, ...removedRows].flat() };
    },
    reset() {
      farms.clear();
      waiting.clear();
      count = 0;
    },
  };
}
