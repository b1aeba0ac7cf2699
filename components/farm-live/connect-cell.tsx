import clsx from "clsx";
import { NumberCell } from "@/components/ui/data-table.tsx";
import { formatMs } from "@/components/ui/numbers.ts";
import { wider } from "@/components/ui/wide.ts";
import type { BackendLive, FarmLive } from "@/server/core/metrics/live.ts";
import { shownTime } from "./connect-source.ts";

type ConnectCellProps = {
  readonly row: Pick<BackendLive | FarmLive, "connect" | "traffic"> | null | undefined;
  readonly strong?: boolean;
};

/** A number that says where it comes from: two columns would leave one empty on most hosts. */
export function ConnectCell({ row, strong = false }: ConnectCellProps) {
  const { p95Ms, source, text } = shownTime({ connect: row?.connect ?? null, traffic: row?.traffic });
  if (p95Ms === null) return <NumberCell strong={strong} value={null} format={formatMs} className={wider} />;
  return (
    <td className={clsx("num", wider, strong && "font-semibold")} title={text}>
      {formatMs(p95Ms)} <span className="text-small font-normal text-ink-3">{source}</span>
    </td>
  );
}
