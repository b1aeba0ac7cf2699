import { farmActions } from "@/app/farm-actions.ts";
import { queryParams, type SearchParams } from "@/app/query-params.ts";
import { requirePageActor } from "@/app/session.ts";
import { monitorFarm } from "@/components/monitor/monitor-brief.ts";
import { MonitorPage } from "@/components/monitor/monitor-page.tsx";
import { parseMonitorQuery } from "@/components/monitor/monitor-query.ts";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";

export const metadata = { title: "Monitor" };

type Props = { readonly searchParams: SearchParams };

export default async function Page({ searchParams }: Props) {
  const actor = await requirePageActor();
  const read = await readFarms(actor);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const params = await queryParams(searchParams);
  return (
    <MonitorPage
      farms={read.value.map(monitorFarm)}
      initialQuery={parseMonitorQuery(params)}
      canChange={can(actor.role, "save-farm")}
      actions={farmActions}
    />
  );
}
