import { useQuery } from "@tanstack/react-query";
import { lostOutcome, outcomeText } from "@/components/changes/outcome-text.ts";
import { Sentences } from "@/components/changes/sentences.tsx";
import { useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { ConfirmByName, ConfirmDialog } from "@/components/ui/confirm.tsx";
import { closesLastGate } from "@/components/weights/board-model.ts";
import type { RevisionView } from "@/server/core/change/views.ts";
import type { HistoryActions, RestorePreview } from "./history-actions.ts";
import { useWayBack } from "./use-way-back.ts";

type RestoreDialogProps = {
  readonly revision: RevisionView;
  readonly farmId: string;
  readonly actions: HistoryActions;
  readonly onClose: () => void;
};

/** Says what the restore changes now, and sends it for exactly the farm that was looked at. */
export function RestoreDialog({ revision, farmId, actions, onClose }: RestoreDialogProps) {
  const { epoch, n } = revision;
  const place = { epoch, n, farmId };
  const { isPending, run } = useWayBack();
  const isLost = useFreshness().state === "lost";
  const live = useFarmLive(farmId);
  const { data, isFetching } = useQuery({
    queryKey: ["restore", place],
    queryFn: (): Promise<RestorePreview> => actions.previewRestore(place).catch(() => lostOutcome),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const seen = data?.status === "ok" && !isFetching ? data : null;
  const said = (by: number) => `Restored as after revision ${n} by revision ${by}`;
  const isClosing =
    seen !== null && seen.now !== null && closesLastGate({ farm: seen.now, planned: seen.restored, live });
  const dialog = {
    open: true,
    title: `Restore the farm as after revision ${n}?`,
    action: "Restore",
    pending: isPending || isFetching,
    disabledReason: isLost ? "The agent does not answer" : seen === null ? "Not possible now" : null,
    onClose,
    onConfirm: () => {
      if (seen !== null) void run(() => actions.restore({ ...place, base: seen.base }), said).then(onClose);
    },
  };
  const words = (
    <>
      <p className="mb-1.5">A new revision puts the farm back as it was just after revision {n}:</p>
      <WhatChanges preview={data} />
      {isLost ? <p className="mt-2 text-danger-ink">The agent does not answer: nothing can be applied now.</p> : null}
    </>
  );
  if (!isClosing)
    return (
      <ConfirmDialog {...dialog} danger={false}>
        {words}
      </ConfirmDialog>
    );
  return (
    <ConfirmByName {...dialog} name={seen.now.name}>
      {words}
      <p className="mt-2">After this no backend takes new connections.</p>
    </ConfirmByName>
  );
}

function WhatChanges({ preview }: { readonly preview: RestorePreview | undefined }) {
  if (preview === undefined) return <p className="text-ink-3">Asking the agent</p>;
  if (preview.status !== "ok") return <p className="text-danger-ink">{outcomeText(preview).text}</p>;
  return <Sentences sentences={preview.preview.sentences} />;
}
