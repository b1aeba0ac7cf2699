import { Plus } from "lucide-react";
import Link from "next/link";
import { PageHead } from "@/components/shell/page-head.tsx";
import { ButtonLink } from "@/components/ui/button.tsx";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { ListView } from "@/server/core/change/views.ts";
import { networksOf } from "@/server/core/farm/networks.ts";
import type { ListUser } from "./list-users.ts";

type ListsPageProps = {
  readonly lists: readonly ListView[];
  readonly users: ReadonlyMap<string, readonly ListUser[]>;
  readonly canChange: boolean;
};

const shownUsersMax = 5;

/** The named lists, how large they are and which farms refer to them. */
export function ListsPage({ lists, users, canChange }: ListsPageProps) {
  const create = canChange ? (
    <ButtonLink href="/lists/new" variant="primary">
      <Plus aria-hidden className="size-4" strokeWidth={1.5} />
      New list
    </ButtonLink>
  ) : undefined;
  return (
    <>
      <PageHead title="Lists" sub="networks that the filters of many farms share" actions={create} />
      <Panel>
        {lists.length === 0 ? (
          <EmptyState title="There is no list yet">
            A list has a name, and farms allow or deny it as @name. Changing it changes them all at once.
          </EmptyState>
        ) : (
          <DataTable label="Lists" comfort>
            <thead>
              <tr>
                <Th>Name</Th>
                <Th num>IPv4</Th>
                <Th num>IPv6</Th>
                <Th>Used by</Th>
                <Th>Notes</Th>
              </tr>
            </thead>
            <tbody>
              {lists.map(({ list: { id, name, networks, notes } }) => (
                <tr key={id}>
                  <th scope="row">
                    <Link href={`/lists/${id}`} className="font-medium hover:underline">
                      {name}
                    </Link>
                  </th>
                  <NumberCell value={networksOf(networks, 4).length} format={formatCount} />
                  <NumberCell value={networksOf(networks, 6).length} format={formatCount} />
                  <td>
                    <Users users={users.get(name) ?? []} />
                  </td>
                  <td className="max-w-80 truncate text-ink-2">{notes}</td>
                </tr>
              ))}
            </tbody>
          </DataTable>
        )}
      </Panel>
    </>
  );
}

function Users({ users }: { readonly users: readonly ListUser[] }) {
  if (users.length === 0) return <span className="text-ink-3">no farm: nothing of it is in the kernel</span>;
  const more = users.length - shownUsersMax;
  return (
    <span className="flex flex-wrap gap-x-2">
      {users.slice(0, shownUsersMax).map(({ id, name }) => (
        <Link key={id} href={`/farms/${id}/settings`} className="hover:underline">
          {name}
        </Link>
      ))}
      {more > 0 ? <span className="text-ink-3">and {more} more</span> : null}
    </span>
  );
}
