import type { ReactNode } from "react";
import { FindButton } from "@/components/find/find-button.tsx";
import { LiveProvider } from "@/components/live/live-provider.tsx";
import { ToastRegion } from "@/components/ui/toast.tsx";
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Announcer } from "./announcer.tsx";
import { CrumbProvider, Crumbs } from "./crumbs.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { LostBanner } from "./lost-banner.tsx";
import type { NavFarm } from "./nav.tsx";
import type { SetOwnPassword } from "./own-password.tsx";
import { Sidebar, SidebarButton } from "./sidebar.tsx";
import type { Theme } from "./theme.ts";
import { ThemeMenu } from "./theme-menu.tsx";

type ConsoleShellProps = {
  readonly person: { readonly name: string; readonly role: Role };
  readonly farmCount: number;
  readonly farms: readonly NavFarm[];
  readonly theme: Theme;
  readonly signOut: () => Promise<PeopleOutcome>;
  readonly setPassword: SetOwnPassword;
  /** null for who may not decide what becomes of rules that nobody claims */
  readonly claim: (() => Promise<PeopleOutcome>) | null;
  readonly children: ReactNode;
};

/** What stands around every page of the console. */
export function ConsoleShell({
  person,
  farmCount,
  farms,
  theme,
  signOut,
  setPassword,
  claim,
  children,
}: ConsoleShellProps) {
  return (
    <LiveProvider>
      <CrumbProvider>
        <a
          href="#main"
          className="fixed top-2 left-2 z-50 -translate-y-20 rounded-2 border border-line-strong bg-raised px-3 py-1.5 font-medium focus:translate-y-0"
        >
          Skip to the page
        </a>
        <div className="grid min-h-dvh grid-cols-[var(--side)_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)]">
          <Sidebar farmCount={farmCount} farms={farms} />
          <div className="flex min-w-0 flex-col">
            <header className="sticky top-0 z-20 flex h-(--top) items-center gap-2.5 border-b border-line bg-canvas px-gutter">
              <SidebarButton farmCount={farmCount} farms={farms} />
              <Crumbs />
              <span className="flex-1" />
              <LiveIndicator />
              <FindButton />
              <ThemeMenu initial={theme} />
              <AccountMenu person={person} signOut={signOut} setPassword={setPassword} />
            </header>
            <main
              id="main"
              tabIndex={-1}
              className="grid min-w-0 flex-1 content-start gap-4 px-gutter pt-4 pb-[calc(28px+var(--dock))] *:min-w-0 max-md:gap-3 max-md:pt-3"
            >
              <LostBanner farmCount={farmCount} claim={claim} />
              {children}
            </main>
          </div>
        </div>
        <Announcer />
        <ToastRegion />
      </CrumbProvider>
    </LiveProvider>
  );
}
