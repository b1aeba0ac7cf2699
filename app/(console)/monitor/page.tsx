import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { monitorFarm } from "@/components/monitor/monitor-brief.ts";
import { MonitorPage } from "@/components/monitor/monitor-page.tsx";
import { parseMonitorQuery } from "@/components/monitor/monitor-query.ts";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";

export const metadata = { title: "Monitor" };

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

export default async function Page({ searchParams }: Props) {
  const actor = await requirePageActor();
  const read = await readFarms(actor);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    if (typeof value === "string") params.set(name, value);
  }
  return (
    <MonitorPage
      farms={read.value.map(monitorFarm)}
      initialQuery={parseMonitorQuery(params)}
      canChange={can(actor.role, "save-farm")}
      saveFarm={farmActions.saveFarm}
    />
  );
}
