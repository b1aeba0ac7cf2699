/** The second line of a row's state: why, what is at work on its weight, or how its drain goes. Pure. */
import { marksOf } from "@/components/farm-live/backend-marks.ts";
import { formatClock, formatCount, formatMs } from "@/components/ui/numbers.ts";
import type { BoardRow } from "./board-model.ts";
import type { DrainProgress } from "./drain-progress.ts";

export function stateNote(row: BoardRow): string {
  const said = row.live === null ? [] : [...(row.live.reason === null ? [] : [row.live.reason]), ...marksOf(row.live)];
  if (said.length > 0) return said.join("; ");
  const connect = row.live?.connect ?? null;
  if (connect === null || connect.p50Ms === null) return "no connect time";
  return `connects in ${formatMs(connect.p50Ms)} ms`;
}

export function drainNote({ left, fallPerS, emptyAtMs }: DrainProgress): string {
  if (left === 0) return "empty";
  if (fallPerS === null) return `${formatCount(left)} left`;
  if (emptyAtMs === null) return `${formatCount(left)} left, none ended lately`;
  return `${formatCount(left)} left, -${fallPerS.toFixed(1)}/s, empty ~${formatClock(emptyAtMs)}`;
}
