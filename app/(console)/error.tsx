"use client";

import { Button } from "@/components/ui/button.tsx";
import { Note } from "@/components/ui/note.tsx";

type ErrorPageProps = { readonly error: Error & { readonly digest?: string }; readonly reset: () => void };

/** A broken invariant, not an expected failure. The text of the exception stays in the log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <Note tone="bad" actions={<Button onClick={reset}>Try again</Button>}>
      <b>This page failed.</b> Balancing goes on: it does not depend on this page.
      {error.digest === undefined ? null : (
        <span className="block text-small text-ink-2">Number in the log: {error.digest}</span>
      )}
    </Note>
  );
}
