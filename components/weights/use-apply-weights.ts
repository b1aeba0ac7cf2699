import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import { draftFarm, stagedWeights } from "@/server/core/change/draft.ts";
import type { ConflictSide } from "@/server/core/change/outcome.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";
import type { WeightsDraft } from "./use-weights-draft.ts";

export type ApplyWeights = {
  readonly isPending: boolean;
  /** who was faster, as the server told; null = known from the page only */
  readonly faster: ConflictSide | null;
  /** ok: applied. conflict: the weights need a look. not-applied: a message says why */
  readonly send: () => Promise<"ok" | "conflict" | "not-applied">;
};

/** Sends the staged edits as one change that names the farm version it was made on. */
export function useApplyWeights(board: WeightsDraft, actions: FarmActions): ApplyWeights {
  const change = useChange();
  const [faster, setFaster] = useState<ConflictSide | null>(null);
  const send = async () => {
    const { draft, view } = board;
    const after = draftFarm(draft, view.farm);
    const outcome = await change.run(() =>
      actions.setWeights({ farmId: draft.farmId, base: draft.base, weights: stagedWeights(draft) }),
    );
    if (outcome.status === "ok") {
      board.learn({ farm: after, version: outcome.n });
      setFaster(null);
      toast({
        title: `Applied as revision ${outcome.n}`,
        text: `One transaction, ${outcome.applyMs.toFixed(1)} ms. ${isTracked(after) ? "Open connections stayed where they are." : ""}`,
        action: toastUndo(outcome, change, actions),
      });
      return "ok";
    }
    if (outcome.status === "field-errors") toast({ ...outcomeText(outcome), tone: "bad" });
    if (outcome.status !== "conflict") return "not-applied";
    const side = outcome.conflicts[0] ?? null;
    setFaster(side);
    if (side === null || side.farm === null || side.version === null) {
      toast({ title: "Not applied: the farm was removed", text: "Somebody else removed it meanwhile.", tone: "bad" });
      return "not-applied";
    }
    board.learn({ farm: side.farm, version: side.version });
    const isMoved = side.farm.backends.some(({ id, weight }) => draft.running[id] !== weight);
    if (!isMoved)
      toast({ ...outcomeText(outcome), text: "Its weights are the same as before: apply again.", tone: "bad" });
    return isMoved ? "conflict" : "not-applied";
  };
  return { isPending: change.isPending, faster, send };
}
