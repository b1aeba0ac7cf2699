import { Button } from "@/components/ui/button.tsx";
import { Note } from "@/components/ui/note.tsx";
import { measureOf } from "@/server/core/dynamic/costs.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";
import { isHashing } from "@/server/core/farm/hash-slots.ts";
import type { WeightsDraft } from "./use-weights-draft.ts";

type BoardNotesProps = { readonly board: WeightsDraft; readonly onCompare: () => void };

/** What has to be known before a weight is moved here. */
export function BoardNotes({ board, onCompare }: BoardNotesProps) {
  const { farm, version } = board.view;
  return (
    <>
      {board.overtaken === null ? null : (
        <Note tone="warn" actions={<Button onClick={onCompare}>Compare</Button>}>
          <b className="font-medium">Somebody else changed weights of {farm.name}.</b> Revision {version} runs now; your
          edits were made on revision {board.overtaken.base}. Compare them before you apply.
        </Note>
      )}
      {farm.scheduler === "round-robin" ? (
        <Note>
          This farm goes round robin: every backend with a weight above 0 takes the same share. Choose weighted or
          random in its settings to let weights decide.
        </Note>
      ) : null}
      {isHashing(farm.scheduler) ? (
        <Note>
          This farm hashes its clients to slots: each keeps its backend, and a weight is met by slots as nearly as they
          can (programmed, beside planned).{" "}
          {isTracked(farm)
            ? "Connections follow the clients, so the observed share is not judged."
            : "Connections are not tracked in this mode, so none is observed."}
        </Note>
      ) : null}
      {farm.scheduler.startsWith("least-") ? (
        <Note>
          {measureOf(farm) === null
            ? "Nothing is measured yet: until its settings name a source, this farm goes in turn by the weights set here."
            : `Measured weights: each is moved between ${farm.dynamic.floorPct} and ${farm.dynamic.ceilingPct} % of the weight set here; planned shares are by the weights as they are now.`}
        </Note>
      ) : null}
      {farm.enabled ? null : <Note>{farm.name} is stopped: shares count once it is started.</Note>}
    </>
  );
}
