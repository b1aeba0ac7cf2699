/** The second line of a row's state: why, what is at work on its weight, or how its drain goes. Pure. */
import { measuredMark, stateMarks } from "@/components/farm-live/backend-marks.ts";
import { formatMs } from "@/components/ui/numbers.ts";
import type { BoardRow } from "./board-model.ts";
import { drainNote } from "./drain-progress.ts";

export function stateNote(row: BoardRow): string {
  const { drain, untracked } = row.live ?? {};
  if (drain !== undefined && untracked === undefined) return drainNote(drain);
  if (row.live !== null) {
    const measured = measuredMark(row.live);
    const { reason } = row.live;
    const said = [reason ?? "", ...stateMarks(row.live), measured === null ? "" : `weight ${measured.short}`];
    const text = said.filter((part) => part !== "").join("; ");
    if (text !== "") return text;
  }
  const connect = row.live?.connect ?? null;
  if (connect === null || connect.p50Ms === null) return "no connect time";
  return `connects in ${formatMs(connect.p50Ms)} ms`;
}
