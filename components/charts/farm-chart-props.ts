import type { FarmLive, FarmSeries } from "@/server/core/metrics/live.ts";
import type { EventMark } from "./event-marks.ts";
import type { Gap } from "./gaps.ts";

/** What each chart of a farm draws from. */
export type FarmChartProps = {
  readonly marks: readonly EventMark[];
  readonly series: FarmSeries;
  readonly live: FarmLive | null;
  /** unknown time at the beginning of the range, with its reason */
  readonly before: Gap | null;
  /** values are the last known ones */
  readonly isLost: boolean;
  readonly fileName: string;
};
