import type { Metadata } from "next";
import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { ListEditor } from "@/components/lists/list-editor.tsx";
import { OnlyOperators } from "@/components/shell/only-operators.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { can } from "@/server/auth/can.ts";

export const metadata: Metadata = { title: "New list" };

export default async function NewListPage() {
  const actor = await requirePageActor();
  if (!can(actor.role, "save-farm"))
    return <OnlyOperators title="New list" what="lists" back={{ href: "/lists", label: "Lists" }} />;
  return (
    <>
      <PageHead title="New list" sub="Nothing is applied before you have reviewed it." />
      <ListEditor listId={crypto.randomUUID()} view={null} users={[]} role={actor.role} actions={farmActions} />
    </>
  );
}
