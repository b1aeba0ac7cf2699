import { previewRestoreAction, restoreFarmAction, undoRevisionAction } from "@/app/actions/farms.ts";
import { requirePageActor } from "@/app/session.ts";
import { olderHref, parseBefore } from "@/components/history/before.ts";
import { HistoryPage } from "@/components/history/history-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";
import { readHistory } from "@/server/usecases/read-history.ts";

export const metadata = { title: "History" };

const pageSize = 50;

const historyActions = {
  undo: undoRevisionAction,
  previewRestore: previewRestoreAction,
  restore: restoreFarmAction,
};

type HistoryProps = { readonly searchParams: Promise<{ readonly before?: string | string[] }> };

export default async function Page({ searchParams }: HistoryProps) {
  const actor = await requirePageActor();
  const before = parseBefore((await searchParams).before);
  const read = await readHistory(actor, before === undefined ? {} : { before });
  if (!read.ok) return <FailureNote failure={read.error} />;
  const farms = await readFarms(actor);
  const farmNames = Object.fromEntries(farms.ok ? farms.value.map(({ farm }) => [farm.id, farm.name]) : []);
  return (
    <>
      <PageHead title="History" sub="each accepted change of the farms" />
      <HistoryPage
        revisions={read.value.revisions}
        changes={before === undefined ? read.value.changes : []}
        farmNames={farmNames}
        actions={can(actor.role, "restore-farm") ? historyActions : null}
        olderHref={olderHref("/history", read.value.revisions, pageSize)}
        newestHref={before === undefined ? null : "/history"}
      />
    </>
  );
}
