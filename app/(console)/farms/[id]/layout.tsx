import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { setEnabledAction } from "@/app/actions/farms.ts";
import { requirePageActor } from "@/app/session.ts";
import { FarmHeader } from "@/components/farm-live/farm-header.tsx";
import { FarmTabs } from "@/components/farm-live/farm-tabs.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarm } from "@/server/usecases/read-farm.ts";

type FarmLayoutProps = { readonly children: ReactNode; readonly params: Promise<{ readonly id: string }> };

export async function generateMetadata({ params }: FarmLayoutProps) {
  const actor = await requirePageActor();
  const read = await readFarm(actor, (await params).id);
  const name = read.ok ? read.value.farm.name : "Farm";
  return { title: { default: name, template: `%s - ${name} - Sluice` } };
}

export default async function FarmLayout({ children, params }: FarmLayoutProps) {
  const actor = await requirePageActor();
  const read = await readFarm(actor, (await params).id);
  if (!read.ok && read.error.code === "not-found") notFound();
  if (!read.ok) return <FailureNote failure={read.error} />;
  return (
    <>
      <FarmHeader view={read.value} setEnabled={can(actor.role, "set-enabled") ? setEnabledAction : null} />
      <FarmTabs farmId={read.value.farm.id} />
      {children}
    </>
  );
}
