import { requirePageActor } from "@/app/session.ts";
import { AttentionList } from "@/components/overview/attention-list.tsx";
import { EventLog } from "@/components/overview/event-log.tsx";
import { briefOf } from "@/components/overview/farm-brief.ts";
import { FarmSummary } from "@/components/overview/farm-summary.tsx";
import { TotalsStrip } from "@/components/overview/totals-strip.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { Note } from "@/components/ui/note.tsx";
import { can } from "@/server/auth/can.ts";
import { readOverview } from "@/server/usecases/read-overview.ts";

export const metadata = { title: "Overview" };

const shownEvents = 10;

export default async function Page() {
  const actor = await requirePageActor();
  const read = await readOverview(actor);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const farms = read.value.farms.map(briefOf);
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      {read.value.applying.map((change) => (
        <Note key={change.uuid} tone="warn">
          <b>A change of {change.by} is still being applied.</b> {change.text}
        </Note>
      ))}
      <TotalsStrip farms={farms} />
      <div className="grid grid-cols-[minmax(0,1.02fr)_minmax(0,1fr)] items-start gap-4 max-[1100px]:grid-cols-[minmax(0,1fr)]">
        <div className="grid min-w-0 content-start gap-4">
          <AttentionList farms={farms} />
          <EventLog events={read.value.events.slice(0, shownEvents)} />
        </div>
        <FarmSummary farms={farms} canCreate={can(actor.role, "save-farm")} />
      </div>
    </>
  );
}
