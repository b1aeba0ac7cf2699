import { requirePageActor } from "@/app/session.ts";
import { RulesetPage } from "@/components/ruleset/ruleset-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { readFarm } from "@/server/usecases/read-farm.ts";

export const metadata = { title: "Ruleset" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const actor = await requirePageActor();
  const read = await readFarm(actor, (await params).id);
  if (!read.ok) return <FailureNote failure={read.error} />;
  return <RulesetPage farmId={read.value.farm.id} farmName={read.value.farm.name} />;
}
