import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { WeightsBoard } from "@/components/weights/weights-board.tsx";
import { readFarm } from "@/server/usecases/read-farm.ts";

type Props = { readonly params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "Weights" };

export default async function WeightsPage({ params }: Props) {
  const actor = await requirePageActor();
  const view = await readFarm(actor, (await params).id);
  if (!view.ok) {
    if (view.error.code === "not-found") notFound();
    return <FailureNote failure={view.error} />;
  }
  return <WeightsBoard key={view.value.farm.id} view={view.value} role={actor.role} actions={farmActions} />;
}
