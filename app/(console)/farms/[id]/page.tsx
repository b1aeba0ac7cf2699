import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { LivePage } from "@/components/farm-live/live-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { webEnv } from "@/server/platform/web-env.ts";
import { readFarm } from "@/server/usecases/read-farm.ts";
import { readFarmSince } from "@/server/usecases/read-farm-since.ts";

type LiveProps = { readonly params: Promise<{ readonly id: string }> };

/** The layout of the same folder gives its template to the pages below, not to this one. */
export async function generateMetadata({ params }: LiveProps) {
  const read = await readFarm(await requirePageActor(), (await params).id);
  return { title: { absolute: `Live - ${read.ok ? read.value.farm.name : "Farm"} - Sluice` } };
}

export default async function Page({ params }: LiveProps) {
  const actor = await requirePageActor();
  const read = await readFarm(actor, (await params).id);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const since = await readFarmSince(actor, read.value.farm.id);
  return (
    <LivePage
      view={read.value}
      hasYears={webEnv().prometheus !== null}
      sinceMs={since.ok ? since.value : null}
      actions={can(actor.role, "set-admin-state") ? farmActions : null}
    />
  );
}
