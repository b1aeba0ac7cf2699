"use client";

import clsx from "clsx";
import { MoreHorizontal } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { shownTime } from "@/components/farm-live/connect-source.ts";
import { vipTexts } from "@/components/farm-live/farm-text.ts";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { narrowRate } from "@/components/overview/narrow-rate.ts";
import { type KnownHour, trafficOf } from "@/components/overview/past-hours.ts";
import { Spark } from "@/components/overview/spark.tsx";
import { Checkbox } from "@/components/ui/choice.tsx";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { Menu } from "@/components/ui/menu.tsx";
import { formatCount, formatMs, formatRate } from "@/components/ui/numbers.ts";
import { FarmStatus } from "@/components/ui/status-text.tsx";
import { quiteWide, wide, wider, widest } from "@/components/ui/wide.ts";
import type { FarmRow as LiveRow } from "@/server/core/metrics/live.ts";
import { Gates } from "./gates.tsx";
import type { BatchVerb } from "./use-batch.ts";

type FarmRowProps = {
  readonly farm: FarmBrief;
  readonly row: LiveRow | null;
  /** null = not read yet */
  readonly hour: KnownHour | null;
  /** where the hours of all rows begin; null = nothing is known of any */
  readonly fromMs: number | null;
  readonly isLost: boolean;
  /** null = may only read */
  readonly act: {
    readonly isSelected: boolean;
    readonly onSelect: (farmId: string, isSelected: boolean) => void;
    readonly onAsk: (verb: BatchVerb, farm: FarmBrief) => void;
  } | null;
};

export const FarmTableRow = memo(function FarmTableRow({ farm, row, hour, fromMs, isLost, act }: FarmRowProps) {
  const vips = vipTexts(farm);
  return (
    <tr aria-selected={act?.isSelected || undefined}>
      {act === null ? null : (
        <td className="w-8 max-sm:w-auto max-sm:pr-0!">
          <Checkbox
            aria-label={`Select ${farm.name}`}
            checked={act.isSelected}
            onChange={(event) => act.onSelect(farm.id, event.target.checked)}
          />
        </td>
      )}
      <th scope="row" className="stick font-medium">
        <Link href={`/farms/${farm.id}`} className="name rounded-1 hover:text-accent">
          {farm.name}
        </Link>
        <small className="block max-w-44 truncate mono max-sm:max-w-27 font-normal text-ink-3 lg:hidden">
          {vips[0]}
        </small>
      </th>
      <td>
        {row === null ? <span className="zero">-</span> : <FarmStatus word={row.word} isLost={isLost} stacked />}
        <small className="block max-w-24 text-small whitespace-normal text-ink-3 sm:hidden">
          {[row === null ? "" : `${formatCount(row.serving)} of ${farm.backends.length}`, narrowRate(row)]
            .filter((text) => text !== "")
            .join(", ")}
        </small>
      </td>
      <td className={wider}>
        <span className="mono inline-block max-w-40 truncate align-bottom" title={vips.join("\n")}>
          {vips[0]}
        </span>{" "}
        <span className="text-ink-3">
          {farm.protocol}
          {vips.length > 1 ? `, ${vips.length - 1} more` : ""}
        </span>
      </td>
      <td className={clsx("text-ink-2", widest)}>{farm.scheduler}</td>
      <td className={clsx("num", wide)}>
        {row === null ? "-" : formatCount(row.serving)} <span className="text-ink-3">of {farm.backends.length}</span>
      </td>
      <td className={wider}>
        {/* the reason takes what room is left: it must not push the numbers out of sight */}
        <span className="flex items-center gap-2">
          <Gates farm={farm} row={isLost ? null : row} />
          <span className="w-0 min-w-8 flex-1 truncate text-small text-ink-3" title={row?.reason ?? ""}>
            {row?.reason}
          </span>
        </span>
      </td>
      <td className={widest}>
        <span className="block w-16">
          {hour === null || fromMs === null ? null : <HourSpark hour={hour} fromMs={fromMs} />}
        </span>
      </td>
      <NumberCell value={row?.newPerS} format={formatRate} missing={row?.untracked} className={wide} />
      <NumberCell value={row?.active} format={formatCount} missing={row?.untracked} className={wide} />
      <NumberCell value={row === null ? null : shownTime(row).p95Ms} format={formatMs} className={quiteWide} />
      <td className={clsx("num text-ink-2", widest)}>{farm.version}</td>
      <td className="num stick-end">
        <Menu
          label={`Actions for ${farm.name}`}
          trigger={<MoreHorizontal aria-hidden className="size-4" strokeWidth={1.5} />}
          entries={[
            { label: "Weights", href: `/farms/${farm.id}/weights` },
            { label: "Settings", href: `/farms/${farm.id}/settings` },
            { label: "History", href: `/farms/${farm.id}/history` },
            ...(act === null
              ? []
              : ([
                  "separator",
                  farm.enabled
                    ? { label: "Stop", onSelect: () => act.onAsk("stop", farm) }
                    : { label: "Start", onSelect: () => act.onAsk("start", farm) },
                  { label: "Delete", danger: true, onSelect: () => act.onAsk("remove", farm) },
                ] as const)),
          ]}
        />
      </td>
    </tr>
  );
});

type HourSparkProps = { readonly hour: KnownHour; readonly fromMs: number };

const HourSpark = memo(function HourSpark({ hour, fromMs }: HourSparkProps) {
  const points = trafficOf(hour, fromMs);
  return <Spark values={points.map(({ at, newPerS }) => ({ at, value: newPerS }))} />;
});
