"use client";

import { MoreHorizontal, UserPlus } from "lucide-react";
import { useState } from "react";
import { roleTexts } from "@/components/shell/role-texts.ts";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Menu } from "@/components/ui/menu.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { wide } from "@/components/ui/wide.ts";
import type { PersonView } from "@/server/core/change/views.ts";
import type { PeopleActions } from "./people-actions.ts";
import { AddPerson, ChangeRole, NewPassword, RemovePerson } from "./people-dialogs.tsx";

type PeoplePanelProps = {
  readonly people: readonly PersonView[];
  /** id of who is looking */
  readonly ownId: string;
  readonly actions: PeopleActions;
};

type Open = { readonly kind: "add" } | { readonly kind: "role" | "password" | "remove"; readonly person: PersonView };

/** Who may sign in, and as what. Only administrators see it. */
export function PeoplePanel({ people, ownId, actions }: PeoplePanelProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <Panel
      title="People"
      meta={formatCounted(people.length, "account")}
      actions={
        <Button onClick={() => setOpen({ kind: "add" })}>
          <UserPlus aria-hidden className="size-4" strokeWidth={1.5} />
          Add person
        </Button>
      }
    >
      <DataTable label="Accounts" comfort>
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className={wide}>Signs in as</Th>
            <Th>Role</Th>
            <Th className={wide}>Since</Th>
            <Th className={wide}>Note</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <th scope="row" className="stick font-medium">
                {person.name}
                {person.id === ownId ? <span className="font-normal text-ink-3"> (you)</span> : null}
                <small className="block text-small font-normal break-words text-ink-3 sm:hidden">
                  {person.username}
                </small>
              </th>
              <td className={wide}>{person.username}</td>
              <td>
                {roleTexts[person.role]}
                <small className="block max-w-32 text-small whitespace-normal text-ink-2 empty:hidden sm:hidden">
                  <Locked person={person} />
                </small>
              </td>
              <td className={wide}>
                <LocalTime atMs={person.createdAt} withDate />
              </td>
              <td className={`text-ink-2 ${wide}`}>
                <Locked person={person} />
              </td>
              <td className="num">
                <Menu
                  label={`Actions for ${person.name}`}
                  trigger={<MoreHorizontal aria-hidden className="size-4" strokeWidth={1.5} />}
                  entries={[
                    { label: "Change role", onSelect: () => setOpen({ kind: "role", person }) },
                    // one's own is changed with the current one, in the account menu
                    ...(person.id === ownId
                      ? []
                      : [{ label: "Set new password", onSelect: () => setOpen({ kind: "password", person }) }]),
                    "separator",
                    { label: "Remove", danger: true, onSelect: () => setOpen({ kind: "remove", person }) },
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      {open?.kind === "add" ? <AddPerson actions={actions} onClose={close} /> : null}
      {open?.kind === "role" ? <ChangeRole person={open.person} actions={actions} onClose={close} /> : null}
      {open?.kind === "password" ? <NewPassword person={open.person} actions={actions} onClose={close} /> : null}
      {open?.kind === "remove" ? <RemovePerson person={open.person} actions={actions} onClose={close} /> : null}
    </Panel>
  );
}

function Locked({ person }: { readonly person: PersonView }) {
  if (person.lockedUntil === null) return null;
  return (
    <>
      too many wrong passwords, locked until <LocalTime atMs={person.lockedUntil} />
    </>
  );
}
