import { ConflictDialog } from "@/components/changes/conflict-dialog.tsx";
import { threeWay } from "@/components/changes/three-way.ts";
import { seriesKey } from "@/components/ui/series-swatch.tsx";
import { mergeDrafts, sideOfDraft } from "./form-conflict.ts";
import { draftOfFarm } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";
import type { Theirs } from "./use-save-farm.ts";

type FarmConflictProps = {
  readonly form: FarmForm;
  readonly theirs: Theirs | null;
  readonly onClose: () => void;
};

/** Base, yours and theirs of every setting and backend; the result becomes the form's draft on top of theirs. */
export function FarmConflict({ form, theirs, onClose }: FarmConflictProps) {
  if (theirs === null || form.base === null) return null;
  const theirDraft = draftOfFarm(theirs.farm);
  const view = { farm: theirs.farm, version: theirs.version };
  const rows = threeWay(sideOfDraft(draftOfFarm(form.base.farm)), sideOfDraft(form.draft), sideOfDraft(theirDraft));
  return (
    <ConflictDialog
      open
      onClose={onClose}
      farmName={theirs.farm.name}
      rows={rows}
      base={form.base.version}
      theirs={theirs.version}
      by={theirs.by}
      at={theirs.at}
      seriesOf={(key) => {
        const at = theirs.farm.backends.findIndex(({ id }) => `backend:${id}` === key);
        return at < 0 ? null : seriesKey(at);
      }}
      onDiscard={() => {
        form.rebase(view, theirDraft);
        onClose();
      }}
      onRebase={(picks) => {
        form.rebase(view, mergeDrafts(form.draft, theirDraft, picks));
        onClose();
      }}
    />
  );
}
