import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { farmActions } from "@/app/farm-actions.ts";
import { requirePageActor } from "@/app/session.ts";
import { ListEditor } from "@/components/lists/list-editor.tsx";
import { listUsers } from "@/components/lists/list-users.ts";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { readFarms } from "@/server/usecases/read-farms.ts";
import { readLists } from "@/server/usecases/read-lists.ts";

type Props = { readonly params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "List" };

export default async function ListPage({ params }: Props) {
  const actor = await requirePageActor();
  const { id } = await params;
  const lists = await readLists(actor);
  if (!lists.ok) return <FailureNote failure={lists.error} />;
  const view = lists.value.find(({ list }) => list.id === id);
  if (view === undefined) notFound();
  const farms = await readFarms(actor);
  if (!farms.ok) return <FailureNote failure={farms.error} />;
  const users = listUsers(farms.value).get(view.list.name) ?? [];
  const used =
    users.length === 0 ? "no farm refers to it" : `used by ${users.length} ${users.length === 1 ? "farm" : "farms"}`;
  return (
    <>
      <PageHead title={view.list.name} sub={used} />
      <ListEditor key={id} listId={id} view={view} users={users} role={actor.role} actions={farmActions} />
    </>
  );
}
