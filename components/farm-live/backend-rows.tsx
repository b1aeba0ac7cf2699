import Link from "next/link";
import { BackendMenu } from "@/components/backend-actions/backend-menu.tsx";
import { useBalancerLive, useFreshness } from "@/components/live/use-live.ts";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatAge, formatCount, formatMbit, formatRate, formatShare } from "@/components/ui/numbers.ts";
import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";
import { BackendStatus } from "@/components/ui/status-text.tsx";
import { wide, wider } from "@/components/ui/wide.ts";
import type { AdminControl } from "@/components/weights/use-admin-state.ts";
import type { Backend } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";
import { measuredMark, reasonOf } from "./backend-marks.ts";
import { ConnectCell } from "./connect-cell.tsx";
import { backendAddressText, backendHref } from "./farm-text.ts";

type BackendRowsProps = {
  readonly farmId: string;
  readonly shown: readonly {
    readonly backend: Backend /** its place in the farm, which gives the colour */;
    readonly index: number;
  }[];
  readonly rows: ReadonlyMap<string, BackendLive>;
  readonly isLost: boolean;
  /** the farm keeps clients at their backend */
  readonly hasSticky: boolean;
  /** null = may only read */
  readonly control: AdminControl | null;
};

export function BackendRows({ farmId, shown, rows, isLost, hasSticky, control }: BackendRowsProps) {
  const atMs = useBalancerLive()?.at ?? null;
  const { ageS } = useFreshness();
  // the balancer's clock goes on while nothing is heard of it
  const nowMs = atMs === null ? null : atMs + (ageS ?? 0) * 1000;
  return (
    <tbody>
      {shown.map(({ backend, index }) => {
        const row = rows.get(backend.id);
        const observed = row?.observed ?? null;
        return (
          <tr key={backend.id}>
            <td>
              <BackendStatus
                adminState={backend.adminState}
                health={row?.health ?? "unknown"}
                active={row?.active ?? null}
                isLost={isLost}
                isChecked={row?.check !== undefined}
                note={reasonOf(backend, row)}
              />
              <small className="block text-small text-ink-3 sm:hidden">{narrowTraffic(row)}</small>
            </td>
            <th scope="row" className="stick font-medium">
              <span className="inline-flex items-center gap-2">
                <SeriesSwatch index={index} />
                <Link
                  href={backendHref(farmId, backend.id)}
                  prefetch={false}
                  className="name rounded-1 hover:text-accent"
                >
                  {backend.name}
                </Link>
              </span>
              <small className="block max-w-32 truncate mono font-normal text-ink-3 lg:hidden">
                {backendAddressText(backend)}
              </small>
            </th>
            <td className={`mono ${wider}`}>{backendAddressText(backend)}</td>
            <WeightCell weight={backend.weight} row={row} />
            <NumberCell value={row?.plannedPct} format={formatShare} className={wider} />
            <NumberCell value={observed?.sharePct} format={formatShare} missing={row?.untracked} className={wide} />
            <NumberCell value={row?.newPerS} format={formatRate} missing={row?.untracked} className={wide} />
            <NumberCell value={row?.active} format={formatCount} missing={row?.untracked} className={wide} />
            <NumberCell value={row?.bytesInPerS} format={formatMbit} className={wider} />
            <NumberCell value={row?.bytesOutPerS} format={formatMbit} missing={row?.untracked} className={wider} />
            <ConnectCell row={row} />
            <td className={`num text-ink-3 ${wider}`}>{checkAge(row, nowMs)}</td>
            {control === null ? null : (
              <td className="num stick-end">
                <BackendMenu
                  backend={backend}
                  row={row ?? null}
                  hasSticky={hasSticky}
                  control={control}
                  isLost={isLost}
                />
              </td>
            )}
          </tr>
        );
      })}
    </tbody>
  );
}

/** Where a phone has no room for the columns; "" while it is not known. */
function narrowTraffic(row: BackendLive | undefined): string {
  const { newPerS = null, active = null } = row ?? {};
  return newPerS === null || active === null ? "" : `${formatRate(newPerS)}/s, ${formatCount(active)} active`;
}

/** As set, and what a measurement makes of it. */
function WeightCell({ weight, row }: { readonly weight: number; readonly row: BackendLive | undefined }) {
  const mark = measuredMark(row);
  if (mark === null) return <NumberCell value={weight} format={formatCount} className={wide} />;
  return (
    <td className={`num ${wide}`} title={mark.text}>
      {formatCount(weight)}
      <small className="block text-small text-ink-2">
        <span aria-hidden>{mark.short}</span>
        <span className="sr-only">{mark.text}</span>
      </small>
    </td>
  );
}

/** Both times are the balancer's own. */
function checkAge(row: BackendLive | undefined, nowMs: number | null): string {
  if (row !== undefined && row.check === undefined) return "not checked";
  const atMs = row?.check?.at ?? null;
  return atMs === null || nowMs === null ? "-" : `${formatAge(nowMs - atMs)} ago`;
}
