import { formatRate } from "@/components/ui/numbers.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";

/** New connections a second of a farm, where a phone has no room for their column; "" while they are not known. */
export function narrowRate(row: FarmRow | null | undefined): string {
  const rate = row?.newPerS ?? null;
  return rate === null ? "" : `${formatRate(rate)}/s`;
}
