import { previewRestoreAction, restoreFarmAction, undoRevisionAction } from "@/app/actions/farms.ts";
import { requirePageActor } from "@/app/session.ts";
import { olderHref, parseBefore } from "@/components/history/before.ts";
import { HistoryPage } from "@/components/history/history-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readHistory } from "@/server/usecases/read-history.ts";

export const metadata = { title: "History" };

const pageSize = 50;

const historyActions = {
  undo: undoRevisionAction,
  previewRestore: previewRestoreAction,
  restore: restoreFarmAction,
};

type FarmHistoryProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly before?: string | string[] }>;
};

export default async function Page({ params, searchParams }: FarmHistoryProps) {
  const actor = await requirePageActor();
  const farmId = (await params).id;
  const before = parseBefore((await searchParams).before);
  const read = await readHistory(actor, before === undefined ? { farmId } : { farmId, before });
  if (!read.ok) return <FailureNote failure={read.error} />;
  const path = `/farms/${farmId}/history`;
  return (
    <HistoryPage
      farmId={farmId}
      revisions={read.value.revisions}
      changes={before === undefined ? read.value.changes : []}
      farmNames={{}}
      actions={can(actor.role, "restore-farm") ? historyActions : null}
      olderHref={olderHref(path, read.value.revisions, pageSize)}
      newestHref={before === undefined ? null : path}
    />
  );
}
