/** How a drain goes, in the words of a board row. The agent follows it: a page that is opened late knows as much as one that was there. */
import { formatClock, formatCount } from "@/components/ui/numbers.ts";
import type { DrainLive } from "@/server/core/metrics/live.ts";

export function drainNote({ left, perS, endsAtMs, deadlineMs }: DrainLive): string {
  if (left === 0) return "empty";
  const cut = deadlineMs === null ? "" : `, cut at ${formatClock(deadlineMs)}`;
  if (left === null) return `what is left is not known${cut}`;
  const now = `${formatCount(left)} left`;
  if (perS === null) return `${now}${cut}`;
  if (endsAtMs === null) return `${now}, none ended lately${cut}`;
  const isCutFirst = deadlineMs !== null && deadlineMs < endsAtMs;
  return `${now}, -${perS.toFixed(1)}/s, ${isCutFirst ? `cut at ${formatClock(deadlineMs)}` : `empty ~${formatClock(endsAtMs)}`}`;
}
