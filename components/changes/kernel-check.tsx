import { Check, LoaderCircle, TriangleAlert } from "lucide-react";
import type { PreviewState } from "./use-preview.ts";

/** The kernel's own answer to the dry run, or why there is none yet. */
export function KernelCheck({ state }: { readonly state: PreviewState }) {
  const { preview, problem, isBehind } = state;
  if (problem !== null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-warn-ink">
        <TriangleAlert aria-hidden className="size-4" strokeWidth={1.5} />
        Not checked
      </span>
    );
  }
  if (preview === null && !isBehind) return <span className="text-ink-3">Not checked</span>;
  if (isBehind || preview === null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-3">
        <LoaderCircle aria-hidden className="size-4" strokeWidth={1.5} />
        Checking
      </span>
    );
  }
  if (preview.check === null) return <span className="text-ink-3">Nothing to check</span>;
  if (!preview.check.ok) {
    return (
      <span className="inline-flex items-center gap-1.5 text-danger-ink">
        <TriangleAlert aria-hidden className="size-4" strokeWidth={1.5} />
        Kernel check failed
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-2">
      <Check aria-hidden className="size-4 text-ok-ink" strokeWidth={1.5} />
      Kernel check passed, {preview.check.durationMs.toFixed(1)} ms
    </span>
  );
}

/** Why the change must not be applied yet, or null. */
export function checkBlocks(state: PreviewState): string | null {
  if (state.problem !== null) return state.problem.text;
  if (state.preview?.check?.ok === false) return "The kernel refused it";
  return state.preview === null || state.isBehind ? "The kernel is still checking it" : null;
}
