/** Which farms refer to which list. */
import { usersOf } from "@/server/core/change/apply-lists.ts";
import type { FarmView } from "@/server/core/change/views.ts";

export type ListUser = { readonly id: string; readonly name: string };

/** List name -> the farms that refer to it, by name. */
export function listUsers(farms: readonly FarmView[]): ReadonlyMap<string, readonly ListUser[]> {
  const ids = new Map(farms.map(({ farm }) => [farm.name, farm.id]));
  return new Map(
    Array.from(usersOf(farms), ([list, names]) => [list, names.map((name) => ({ id: ids.get(name) ?? "", name }))]),
  );
}
