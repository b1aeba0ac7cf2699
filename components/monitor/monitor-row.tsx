import Link from "next/link";
import { backendHref } from "@/components/farm-live/farm-text.ts";
import { Checkbox } from "@/components/ui/choice.tsx";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatAge, formatCount, formatMs, formatShare } from "@/components/ui/numbers.ts";
import { StatusText } from "@/components/ui/status-text.tsx";
import { itemGlyph, itemReason, itemSince, itemWords, type MonitorItem } from "./monitor-model.ts";
import type { Ticks } from "./ticks.ts";

type MonitorTableRowProps = {
  readonly item: MonitorItem;
  readonly index: number;
  readonly isLost: boolean;
  readonly isNarrow: boolean;
  /** of the balancer, in whole seconds: ages move no faster; null = not known */
  readonly nowS: number | null;
  /** null = may only read */
  readonly isTicked: boolean | null;
  readonly onTick: Ticks["onTick"] | undefined;
};

export function MonitorTableRow({ item, index, isLost, isNarrow, nowS, isTicked, onTick }: MonitorTableRowProps) {
  const { farm, backend } = item;
  const reason = itemReason(item);
  const words = itemWords(item);
  return (
    <tr data-line={backend.id} aria-rowindex={index + 2} aria-selected={isTicked === true || undefined}>
      {isTicked === null ? null : (
        <td>
          <Checkbox
            aria-label={`Tick ${backend.name} of ${farm.name}`}
            data-control="tick"
            checked={isTicked}
            onChange={(event) => onTick?.([backend.id], event.target.checked)}
          />
        </td>
      )}
      <td className="truncate" title={isLost ? `was ${words}` : words}>
        <StatusText kind={itemGlyph(item, isLost)}>{isLost ? `was ${words}` : words}</StatusText>
        {isNarrow ? <small className="block truncate text-small text-ink-2">{reason}</small> : null}
      </td>
      <th scope="row" className="stick truncate font-medium" title={`${backend.name}, ${backend.address}`}>
        <Link
          href={backendHref(farm.id, backend.id)}
          prefetch={false}
          data-control="backend"
          className="inline-block max-w-full truncate rounded-1 align-middle leading-6 hover:text-accent"
        >
          {backend.name}
        </Link>
        {isNarrow ? <small className="block truncate text-small font-normal text-ink-3">{farm.name}</small> : null}
      </th>
      {isNarrow ? null : <MoreCells item={item} reason={reason} nowS={nowS} />}
    </tr>
  );
}

type MoreCellsProps = Pick<MonitorTableRowProps, "item" | "nowS"> & { readonly reason: string };

function MoreCells({ item, reason, nowS }: MoreCellsProps) {
  const { farm, row } = item;
  return (
    <>
      <td className="truncate" title={farm.name}>
        <Link
          href={`/farms/${farm.id}`}
          prefetch={false}
          data-control="farm"
          className="inline-block max-w-full truncate rounded-1 align-middle leading-6 text-ink-2 hover:text-accent"
        >
          {farm.name}
        </Link>
      </td>
      <td className="truncate text-ink-2" title={reason}>
        {reason}
      </td>
      <td className="num text-ink-2">{ageText(itemSince(item), nowS)}</td>
      <td className="num text-ink-3">{ageText(row?.checkAt ?? null, nowS)}</td>
      <NumberCell value={row?.plannedPct} format={formatShare} />
      <NumberCell value={row?.active} format={formatCount} missing={row?.untracked ?? undefined} />
      <NumberCell value={row?.p95Ms} format={formatMs} />
    </>
  );
}

function ageText(atMs: number | null, nowS: number | null): string {
  return atMs === null || nowS === null ? "-" : formatAge(nowS * 1000 - atMs);
}
