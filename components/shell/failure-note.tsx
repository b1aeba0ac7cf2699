import { Note } from "@/components/ui/note.tsx";
import type { Failure } from "@/server/core/result.ts";

/** A page whose data could not be read says why, in place of the data. */
export function FailureNote({ failure }: { readonly failure: Pick<Failure, "text" | "retry"> }) {
  return (
    <Note tone="bad">
      <b>This cannot be shown now.</b> {failure.text}
      {failure.retry ? " Reload the page to try again." : null}
    </Note>
  );
}
