import type { Metadata } from "next";
import { requirePageActor } from "@/app/session.ts";
import { listUsers } from "@/components/lists/list-users.ts";
import { ListsPage } from "@/components/lists/lists-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { can } from "@/server/auth/can.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";
import { readLists } from "@/server/usecases/read-lists.ts";

export const metadata: Metadata = { title: "Lists" };

export default async function Page() {
  const actor = await requirePageActor();
  const lists = await readLists(actor);
  if (!lists.ok) return <FailureNote failure={lists.error} />;
  const farms = await readFarms(actor);
  if (!farms.ok) return <FailureNote failure={farms.error} />;
  return <ListsPage lists={lists.value} users={listUsers(farms.value)} canChange={can(actor.role, "save-farm")} />;
}
