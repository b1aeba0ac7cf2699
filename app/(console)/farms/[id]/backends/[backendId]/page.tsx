import { notFound } from "next/navigation";
import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { BackendPage } from "@/components/backend/backend-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarm } from "@/server/usecases/read-farm.ts";
import { readFarmSince } from "@/server/usecases/read-farm-since.ts";

type BackendProps = { readonly params: Promise<{ readonly id: string; readonly backendId: string }> };

export async function generateMetadata({ params }: BackendProps) {
  const { id, backendId } = await params;
  const read = await readFarm(await requirePageActor(), id);
  const backend = read.ok ? read.value.farm.backends.find((each) => each.id === backendId) : undefined;
  return { title: backend?.name ?? "Backend" };
}

export default async function Page({ params }: BackendProps) {
  const actor = await requirePageActor();
  const { id, backendId } = await params;
  const read = await readFarm(actor, id);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const backend = read.value.farm.backends.find((each) => each.id === backendId);
  if (backend === undefined) notFound();
  const since = await readFarmSince(actor, read.value.farm.id);
  return (
    <BackendPage
      key={backend.id}
      view={read.value}
      backend={backend}
      sinceMs={since.ok ? since.value : null}
      actions={can(actor.role, "set-admin-state") ? farmActions : null}
    />
  );
}
