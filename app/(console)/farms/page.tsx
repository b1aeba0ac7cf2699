import { farmActions } from "@/app/farm-actions.ts";
import { queryParams, type SearchParams } from "@/app/query-params.ts";
import { requirePageActor } from "@/app/session.ts";
import { FarmsPage } from "@/components/farms-list/farms-page.tsx";
import { parseQuery } from "@/components/farms-list/list-model.ts";
import { briefOf } from "@/components/overview/farm-brief.ts";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";

export const metadata = { title: "Farms" };

type FarmsProps = { readonly searchParams: SearchParams };

export default async function Page({ searchParams }: FarmsProps) {
  const actor = await requirePageActor();
  const read = await readFarms(actor);
  if (!read.ok) return <FailureNote failure={read.error} />;
  const params = await queryParams(searchParams);
  return (
    <FarmsPage
      farms={read.value.map(briefOf)}
      initialQuery={parseQuery(params)}
      actions={farmActions}
      canChange={can(actor.role, "save-farm")}
    />
  );
}
