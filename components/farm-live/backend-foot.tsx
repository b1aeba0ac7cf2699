import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatCount, formatCounted, formatMbit, formatRate, formatShare } from "@/components/ui/numbers.ts";
import { wide, wider } from "@/components/ui/wide.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { BackendLive, FarmLive } from "@/server/core/metrics/live.ts";
import { ConnectCell } from "./connect-cell.tsx";

type BackendFootProps = { readonly farm: Farm; readonly live: FarmLive | null; readonly hasActions: boolean };

/** The farm's own values; weights and shares are sums of its backends. */
export function BackendFoot({ farm, live, hasActions }: BackendFootProps) {
  const observed = live?.backends.filter((row) => row.observed !== null) ?? [];
  const planned = live === null ? null : shareSum(farm, live.backends, (row) => row.plannedPct);
  return (
    <tfoot>
      <tr>
        <td className="text-ink-3">{formatCounted(farm.backends.length, "backend")}</td>
        <td className="stick" />
        <td className={wider} />
        <NumberCell
          strong
          value={farm.backends.reduce((sum, backend) => sum + backend.weight, 0)}
          format={formatCount}
          className={wide}
        />
        <NumberCell strong value={planned} format={formatShare} className={wider} />
        <NumberCell
          strong
          value={observed.length === 0 ? null : shareSum(farm, observed, (row) => row.observed?.sharePct ?? 0)}
          format={formatShare}
          missing={live?.untracked}
          className={wide}
        />
        <NumberCell strong value={live?.newPerS} format={formatRate} missing={live?.untracked} className={wide} />
        <NumberCell strong value={live?.active} format={formatCount} missing={live?.untracked} className={wide} />
        <NumberCell strong value={live?.bytesInPerS} format={formatMbit} className={wider} />
        <NumberCell strong value={live?.bytesOutPerS} format={formatMbit} missing={live?.untracked} className={wider} />
        <ConnectCell strong row={live} />
        <td className={wider} />
        {hasActions ? <td className="stick-end" /> : null}
      </tr>
    </tfoot>
  );
}

/** Each address family is a whole of its own: of two that take connections the sum is not 200. */
function shareSum(farm: Farm, rows: readonly BackendLive[], shareOf: (row: BackendLive) => number): number {
  const isV6 = new Map(farm.backends.map(({ id, address }) => [id, address.includes(":")]));
  const takers = rows.filter((row) => shareOf(row) > 0);
  const families = new Set(takers.map(({ backendId }) => isV6.get(backendId))).size;
  return takers.reduce((sum, row) => sum + shareOf(row), 0) / Math.max(1, families);
}
