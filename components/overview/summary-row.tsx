import Link from "next/link";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatCount, formatRate } from "@/components/ui/numbers.ts";
import { FarmStatus } from "@/components/ui/status-text.tsx";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { FarmBrief } from "./farm-brief.ts";
import { HourStrip } from "./hour-strip.tsx";
import { narrowRate } from "./narrow-rate.ts";
import { type KnownHour, trafficOf, wordsOf } from "./past-hours.ts";
import { Spark } from "./spark.tsx";

type SummaryRowProps = {
  readonly farm: FarmBrief;
  readonly row: FarmRow | undefined;
  /** undefined = not read yet */
  readonly hour: KnownHour | undefined;
  /** where the hours of all rows begin; null = nothing is known of any */
  readonly fromMs: number | null;
  readonly isLost: boolean;
};

/** Of a cell for which there is no room while the panel stands beside another one. */
export const roomy = "max-[1400px]:hidden max-[1100px]:table-cell max-sm:hidden";

export function SummaryRow({ farm, row, hour, fromMs, isLost }: SummaryRowProps) {
  const now = row === undefined || isLost ? "unknown" : row.word;
  const words = hour === undefined || fromMs === null ? null : [...wordsOf(hour, fromMs), now];
  const traffic = hour === undefined || fromMs === null ? [] : trafficOf(hour, fromMs);
  return (
    <tr>
      <th scope="row" className="stick font-medium">
        <Link href={`/farms/${farm.id}`} className="name max-w-32! rounded-1 hover:text-accent">
          {farm.name}
        </Link>
        <span className="block max-w-27 pb-1 sm:hidden">{words === null ? null : <HourStrip words={words} />}</span>
      </th>
      <td>
        {row === undefined ? <span className="zero">-</span> : <FarmStatus word={row.word} isLost={isLost} stacked />}
      </td>
      <td className="num max-sm:pr-3.5!">
        {row === undefined ? "-" : row.serving} <span className="text-ink-3">of {farm.backends.length}</span>
        <small className="block text-small text-ink-3 sm:hidden">{narrowRate(row)}</small>
      </td>
      <td className="w-1/3 min-w-16 max-sm:hidden">{words === null ? null : <HourStrip words={words} />}</td>
      <td className={roomy}>
        <span className="block w-[72px]">
          <Spark values={traffic.map(({ at, newPerS }) => ({ at, value: newPerS }))} />
        </span>
      </td>
      <NumberCell
        value={row?.newPerS}
        format={formatRate}
        missing={row?.untracked}
        className="max-sm:hidden max-2xl:pr-3.5!"
      />
      <NumberCell value={row?.active} format={formatCount} missing={row?.untracked} className="max-2xl:hidden" />
    </tr>
  );
}
