import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { needsSetup } from "@/server/usecases/enter.ts";

export const metadata: Metadata = { title: "Not available" };
export const dynamic = "force-dynamic";

/** Where pages lead while the database cannot say who somebody is. Balancing goes on: it needs no database. */
export default async function UnavailablePage() {
  const problem = await needsSetup();
  if (problem.ok) redirect("/");
  return (
    <main className="mx-auto mt-16 w-full max-w-lg px-4">
      <Panel>
        <EmptyState title={<h1>The database does not answer</h1>} action={<a href="/">Try again</a>}>
          <p>{problem.error.text}.</p>
          <p>Balancing goes on as it was last applied; it needs neither the database nor this page.</p>
        </EmptyState>
      </Panel>
    </main>
  );
}
