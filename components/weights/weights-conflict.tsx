import { ConflictDialog } from "@/components/changes/conflict-dialog.tsx";
import { type Side, type ThreeWayRow, threeWay } from "@/components/changes/three-way.ts";
import { seriesKey } from "@/components/ui/series-swatch.tsx";
import type { ConflictSide } from "@/server/core/change/outcome.ts";
import type { WeightsDraft } from "./use-weights-draft.ts";

type WeightsConflictProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly board: WeightsDraft;
  readonly faster: ConflictSide | null;
};

/** The three sides of each weight somebody changed since the draft began. */
export function WeightsConflict({ open, onClose, board, faster }: WeightsConflictProps) {
  const { view, overtaken } = board;
  if (overtaken === null) return null;
  const rows = conflictRows(board);
  return (
    <ConflictDialog
      open={open}
      onClose={onClose}
      farmName={view.farm.name}
      rows={rows}
      base={overtaken.base}
      theirs={view.version}
      by={faster?.by ?? null}
      at={faster?.at ?? null}
      seriesOf={(key) => seriesKey(view.farm.backends.findIndex((backend) => backend.id === key))}
      onDiscard={() => {
        board.discard();
        onClose();
      }}
      onRebase={(picks) => {
        board.settleOvertaken([...picks].flatMap(([key, choice]) => (choice === "theirs" ? [key] : [])));
        onClose();
      }}
    />
  );
}

function conflictRows({ draft, view, overtaken }: WeightsDraft): ThreeWayRow[] {
  const side = (weights: Iterable<readonly [string, number]>): Side =>
    new Map(Array.from(weights, ([id, weight]) => [id, { label: draft.names[id] ?? "removed", text: String(weight) }]));
  const base = Object.entries(overtaken?.running ?? {});
  const edited = new Map(draft.rows.map(({ backendId, weight }) => [backendId, weight]));
  const running = new Map(view.farm.backends.map(({ id, weight }) => [id, weight]));
  // a row nobody edited here took theirs already: on this side it stands as it was
  const yours = base.map(([id, weight]): [string, number] => {
    const now = edited.get(id);
    return [id, now === undefined || now === running.get(id) ? weight : now];
  });
  return threeWay(side(base), side(yours), side(running));
}
