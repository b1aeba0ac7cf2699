import type { Metadata } from "next";
import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { ListEditor } from "@/components/lists/list-editor.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";

export const metadata: Metadata = { title: "New list" };

export default async function NewListPage() {
  const actor = await requirePageActor();
  return (
    <>
      <PageHead title="New list" sub="Nothing is applied before you have reviewed it." />
      <ListEditor listId={crypto.randomUUID()} view={null} users={[]} role={actor.role} actions={farmActions} />
    </>
  );
}
