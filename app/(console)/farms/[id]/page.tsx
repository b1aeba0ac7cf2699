import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { LivePage } from "@/components/farm-live/live-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarm } from "@/server/usecases/read-farm.ts";

export const metadata = { title: "Live" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const actor = await requirePageActor();
  const read = await readFarm(actor, (await params).id);
  if (!read.ok) return <FailureNote failure={read.error} />;
  return <LivePage view={read.value} actions={can(actor.role, "set-admin-state") ? farmActions : null} />;
}
