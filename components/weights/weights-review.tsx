import type { PreviewAction } from "@/components/changes/farm-actions.ts";
import { ReviewDialog } from "@/components/changes/review-dialog.tsx";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { formatCount, formatShare } from "@/components/ui/numbers.ts";
import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";
import { BackendStatus } from "@/components/ui/status-text.tsx";
import type { Operation } from "@/server/core/change/operation.ts";
import { openConnectionsText } from "@/server/core/farm/forwarding.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { BoardRow } from "./board-model.ts";

type WeightsReviewProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly farm: Farm;
  readonly rows: readonly BoardRow[];
  readonly operations: readonly Operation[];
  readonly previewAction: PreviewAction;
  readonly closesLastGate: boolean;
  readonly blocked: string | null;
  readonly pending: boolean;
  readonly onApply: () => void;
};

/** Before and after of every backend, then words and nft text. */
export function WeightsReview({ farm, rows, closesLastGate, ...rest }: WeightsReviewProps) {
  const active = rows.reduce((sum, row) => sum + (row.live?.active ?? 0), 0);
  const rejected = farm.onAllDown === "reject" ? "rejected" : "dropped";
  return (
    <ReviewDialog
      {...rest}
      title={`Review the weights of ${farm.name}`}
      backendNames={farm.backends.map((backend) => backend.name)}
      applyLabel="Apply"
      confirm={
        closesLastGate
          ? {
              name: farm.name,
              reason: `After this, no backend takes new connections to ${farm.addresses.join(", ")}: they are ${rejected}.`,
            }
          : null
      }
    >
      <div className="rounded-3 border border-line *:rounded-[inherit]">
        <DataTable label="Before and after">
          <thead>
            <tr>
              <Th>Backend</Th>
              <Th>State</Th>
              <Th num>Weight before</Th>
              <Th num>after</Th>
              <Th num>Share before, %</Th>
              <Th num>after, %</Th>
              <Th num>Change, pt</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BeforeAfter key={row.backend.id} row={row} />
            ))}
          </tbody>
        </DataTable>
      </div>
      <p className="text-small text-ink-3">
        {farm.forwarding === "stateless"
          ? `With forwarding stateless ${openConnectionsText(farm)}.`
          : active > 0
            ? `The ${formatCount(active)} open connections stay where they are.`
            : "Open connections stay where they are."}
      </p>
    </ReviewDialog>
  );
}

function BeforeAfter({ row }: { readonly row: BoardRow }) {
  const isEdited = row.weight !== row.runningWeight;
  const points = row.plannedPct - row.runningPct;
  return (
    <tr>
      <th scope="row" className="text-left font-medium">
        <span className="inline-flex items-center gap-2">
          <SeriesSwatch index={row.index} />
          {row.backend.name}
        </span>
      </th>
      <td>
        <BackendStatus adminState={row.backend.adminState} health={row.health} />
      </td>
      <NumberCell value={row.runningWeight} format={formatCount} />
      <NumberCell value={row.weight} format={formatCount} strong={isEdited} />
      <NumberCell value={row.runningPct} format={formatShare} />
      <NumberCell value={row.plannedPct} format={formatShare} strong={isEdited} />
      <NumberCell value={points} format={signed} />
    </tr>
  );
}

function signed(points: number): string {
  if (Math.abs(points) < 0.05) return "0.0";
  return `${points > 0 ? "+" : "-"}${Math.abs(points).toFixed(1)}`;
}
