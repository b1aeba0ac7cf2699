import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatCount, formatCounted, formatRate } from "@/components/ui/numbers.ts";
import { quiteWide, wide, wider, widest } from "@/components/ui/wide.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import { totalOf } from "./list-model.ts";

type FarmFootProps = {
  readonly listed: readonly FarmBrief[];
  readonly rows: ReadonlyMap<string, FarmRow> | null;
  readonly hasTicks: boolean;
};

/** What all listed farms have together. */
export function FarmFoot({ listed, rows, hasTicks }: FarmFootProps) {
  const backends = listed.reduce((sum, farm) => sum + farm.backends.length, 0);
  const serving = totalOf(listed, rows, "serving");
  return (
    <tfoot className={wide}>
      <tr>
        {hasTicks ? <td /> : null}
        <th scope="row" className="stick font-normal text-ink-3">
          {formatCounted(listed.length, "farm")}
        </th>
        <td />
        <td className={wider} />
        <td className={widest} />
        <td className="num">
          <b>{serving === null ? "-" : formatCount(serving)}</b>{" "}
          <span className="text-ink-3">of {formatCount(backends)}</span>
        </td>
        <td className={wider} />
        <td className={widest} />
        <NumberCell strong value={totalOf(listed, rows, "newPerS")} format={formatRate} />
        <NumberCell strong value={totalOf(listed, rows, "active")} format={formatCount} />
        <td className={quiteWide} />
        <td className={widest} />
        <td className="stick-end" />
      </tr>
    </tfoot>
  );
}
