import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { farmActions } from "@/app/farm-actions.ts";
import { listNames } from "@/app/list-names.ts";
import { requirePageActor } from "@/app/session.ts";
import { FarmSettings } from "@/components/farms/farm-settings.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { readFarm } from "@/server/usecases/read-farm.ts";

type Props = { readonly params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "Settings" };

export default async function FarmSettingsPage({ params }: Props) {
  const actor = await requirePageActor();
  const view = await readFarm(actor, (await params).id);
  if (!view.ok) {
    if (view.error.code === "not-found") notFound();
    return <FailureNote failure={view.error} />;
  }
  return (
    <FarmSettings
      key={view.value.farm.id}
      view={view.value}
      role={actor.role}
      actions={farmActions}
      listNames={await listNames(actor)}
    />
  );
}
