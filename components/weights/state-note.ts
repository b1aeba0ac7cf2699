/** The second line of a row's state: why, what is at work on its weight, or how its drain goes. Pure. */
import { marksOf } from "@/components/farm-live/backend-marks.ts";
import { formatMs } from "@/components/ui/numbers.ts";
import type { BoardRow } from "./board-model.ts";
import { drainNote } from "./drain-progress.ts";

export function stateNote(row: BoardRow): string {
  const { drain, untracked } = row.live ?? {};
  if (drain !== undefined && untracked === undefined) return drainNote(drain);
  const said = row.live === null ? [] : [...(row.live.reason === null ? [] : [row.live.reason]), ...marksOf(row.live)];
  if (said.length > 0) return said.join("; ");
  const connect = row.live?.connect ?? null;
  if (connect === null || connect.p50Ms === null) return "no connect time";
  return `connects in ${formatMs(connect.p50Ms)} ms`;
}
