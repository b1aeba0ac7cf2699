"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Menu } from "@/components/ui/menu.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";
import { initials } from "./initials.ts";
import type { SetOwnPassword } from "./own-password.tsx";
import { roleTexts } from "./role-texts.ts";

/** Comes when it is asked for: no page waits for it. */
const OwnPassword = dynamic(async () => (await import("./own-password.tsx")).OwnPassword, { ssr: false });

type AccountMenuProps = {
  readonly person: { readonly name: string; readonly role: Role };
  readonly signOut: () => Promise<PeopleOutcome>;
  readonly setPassword: SetOwnPassword;
};

export function AccountMenu({ person, signOut, setPassword }: AccountMenuProps) {
  const { name, role } = person;
  const [isChanging, setChanging] = useState(false);
  const router = useRouter();
  async function leave(): Promise<void> {
    const outcome = await signOut().catch(() => null);
    if (outcome?.status === "ok") {
      router.replace("/sign-in");
      router.refresh();
    } else toast({ title: "Not signed out", text: "The server did not answer. Try again.", tone: "bad" });
  }
  return (
    <>
      <Menu
        label={`Account of ${name}`}
        triggerClassName="grid size-7 shrink-0 place-items-center rounded-full border border-line-strong bg-sunken text-[10.5px] font-medium text-ink-2 max-md:size-9"
        trigger={<span aria-hidden>{initials(name)}</span>}
        heading={
          <>
            <b className="block text-base font-medium text-ink">{name}</b>
            {roleTexts[role]}
          </>
        }
        entries={[
          "separator",
          { label: "Change password", onSelect: () => setChanging(true) },
          { label: "Sign out", onSelect: () => void leave() },
        ]}
      />
      {isChanging ? <OwnPassword setPassword={setPassword} onClose={() => setChanging(false)} /> : null}
    </>
  );
}
