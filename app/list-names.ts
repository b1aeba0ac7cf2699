/** Names of the lists that a farm may refer to; none when they cannot be read: the form goes without them. */
import type { Actor } from "@/server/auth/actor.ts";
import { readLists } from "@/server/usecases/read-lists.ts";

export async function listNames(actor: Actor): Promise<readonly string[]> {
  const lists = await readLists(actor);
  return lists.ok ? lists.value.map(({ list }) => list.name) : [];
}
