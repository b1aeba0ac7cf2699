import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { claimBalancerAction } from "@/app/actions/hosts.ts";
import { setOwnPasswordAction } from "@/app/actions/people.ts";
import { signOutAction } from "@/app/actions/sign-in.ts";
import { requirePageActor } from "@/app/session.ts";
import { ConsoleShell } from "@/components/shell/console-shell.tsx";
import { parseTheme, themeCookie } from "@/components/shell/theme.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";

const shownFarmsMax = 8;

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const actor = await requirePageActor();
  const read = await readFarms(actor);
  const farms = read.ok ? read.value.map(({ farm }) => ({ id: farm.id, name: farm.name })) : [];
  farms.sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <ConsoleShell
      person={{ name: actor.name, role: actor.role }}
      farmCount={farms.length}
      farms={farms.slice(0, shownFarmsMax)}
      theme={parseTheme((await cookies()).get(themeCookie)?.value)}
      signOut={signOutAction}
      setPassword={setOwnPasswordAction}
      claim={actor.role === "admin" ? claimBalancerAction : null}
    >
      {children}
    </ConsoleShell>
  );
}
