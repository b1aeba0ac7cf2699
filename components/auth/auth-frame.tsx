import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo.tsx";
import { GateDrawing } from "./gate-drawing.tsx";

/** What stands around signing in: the form at the left, the gates at the right. */
export function AuthFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)] bg-surface max-md:grid-cols-[minmax(0,1fr)]">
      <div className="grid grid-rows-[auto_1fr_auto] px-10 py-7 max-md:px-5 max-md:py-4">
        <header className="flex items-center gap-[9px] text-[15px] font-semibold tracking-[-0.015em]">
          <Logo />
          Sluice
        </header>
        <main className="grid w-full max-w-80 content-center gap-3.5 justify-self-center py-8 max-md:max-w-none max-md:content-start max-md:pt-12">
          {children}
        </main>
        <footer className="text-small text-ink-3">Balancing goes on while nobody is signed in.</footer>
      </div>
      <aside
        aria-hidden="true"
        className="grid place-items-center overflow-hidden border-l border-line bg-canvas max-md:hidden"
      >
        <GateDrawing />
      </aside>
    </div>
  );
}

export function AuthTitle({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h1 className="text-title font-semibold tracking-[-0.02em]">{title}</h1>
      <p className="text-ink-2">{children}</p>
    </div>
  );
}
