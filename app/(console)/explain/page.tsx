import { requirePageActor } from "@/app/session.ts";
import { ExplainPage } from "@/components/explain/explain-page.tsx";
import { targetsOf } from "@/components/explain/question.ts";
import { PageHead } from "@/components/shell/page-head.tsx";
import { readFarms } from "@/server/usecases/read-farms.ts";

export const metadata = { title: "Explain a client" };

/** More would only be a long list to choose from. */
const targetsShown = 200;

export default async function Page() {
  const actor = await requirePageActor();
  const farms = await readFarms(actor);
  const targets = farms.ok ? farms.value.flatMap(({ farm }) => targetsOf(farm)) : [];
  return (
    <>
      <PageHead title="Explain a client" sub="which backend gets it, and why" />
      <ExplainPage targets={targets.slice(0, targetsShown)} />
    </>
  );
}
