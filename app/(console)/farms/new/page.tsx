import type { Metadata } from "next";
import { farmActions } from "@/app/farm-actions.ts";
import { listNames } from "@/app/list-names.ts";
import { requirePageActor } from "@/app/session.ts";
import { NewFarm } from "@/components/farms/new-farm.tsx";
import { OnlyOperators } from "@/components/shell/only-operators.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarm } from "@/server/usecases/read-farm.ts";

type Props = { readonly searchParams: Promise<{ from?: string | string[] }> };

export const metadata: Metadata = { title: "New farm" };

/** `?from=<id>` starts from a copy of that farm. */
export default async function NewFarmPage({ searchParams }: Props) {
  const actor = await requirePageActor();
  if (!can(actor.role, "save-farm"))
    return <OnlyOperators title="New farm" what="farms" back={{ href: "/farms", label: "Farms" }} />;
  const { from } = await searchParams;
  const source = typeof from === "string" ? await readFarm(actor, from) : null;
  const farm = source?.ok ? source.value.farm : null;
  const backendIds = Array.from({ length: Math.max(2, farm?.backends.length ?? 0) }, () => crypto.randomUUID());
  return (
    <>
      <PageHead
        title={farm === null ? "New farm" : `Copy of ${farm.name}`}
        sub="Nothing is applied before you have reviewed it."
      />
      <NewFarm
        key={farm?.id ?? "new"}
        farmId={crypto.randomUUID()}
        backendIds={backendIds}
        from={farm}
        role={actor.role}
        actions={farmActions}
        listNames={await listNames(actor)}
      />
    </>
  );
}
