import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatCount, formatMbit, formatRate, formatShare } from "@/components/ui/numbers.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { ConnectCell } from "./connect-cell.tsx";

type BackendFootProps = { readonly farm: Farm; readonly live: FarmLive | null; readonly hasActions: boolean };

/** The farm's own values; weights and shares are sums of its backends. */
export function BackendFoot({ farm, live, hasActions }: BackendFootProps) {
  const observed = live?.backends.filter((row) => row.observed !== null) ?? [];
  const planned = live?.backends.reduce((sum, row) => sum + row.plannedPct, 0);
  return (
    <tfoot>
      <tr>
        <td className="text-ink-3">{farm.backends.length} backends</td>
        <td className="stick" />
        <td />
        <NumberCell
          strong
          value={farm.backends.reduce((sum, backend) => sum + backend.weight, 0)}
          format={formatCount}
        />
        <NumberCell strong value={planned} format={formatShare} />
        <NumberCell
          strong
          value={observed.length === 0 ? null : observed.reduce((sum, row) => sum + (row.observed?.sharePct ?? 0), 0)}
          format={formatShare}
          missing={live?.untracked}
        />
        <NumberCell strong value={live?.newPerS} format={formatRate} missing={live?.untracked} />
        <NumberCell strong value={live?.active} format={formatCount} missing={live?.untracked} />
        <NumberCell strong value={live?.bytesInPerS} format={formatMbit} />
        <NumberCell strong value={live?.bytesOutPerS} format={formatMbit} missing={live?.untracked} />
        <ConnectCell strong row={live} />
        <td />
        {hasActions ? <td className="stick-end" /> : null}
      </tr>
    </tfoot>
  );
}
