import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Note } from "@/components/ui/note.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { KernelCheck } from "./kernel-check.tsx";
import { NftText } from "./nft-text.tsx";
import { Sentences } from "./sentences.tsx";
import type { PreviewState } from "./use-preview.ts";

type PreviewBodyProps = {
  readonly state: PreviewState;
  /** words the page knows by itself; without them those of the preview */
  readonly sentences?: readonly string[];
  readonly backendNames: readonly string[];
};

/** Words on the left, the kernel's transaction on the right; a phone has them one under the other. */
export function PreviewBody({ state, backendNames, ...rest }: PreviewBodyProps) {
  const { preview, problem } = state;
  const sentences = rest.sentences ?? preview?.sentences ?? null;
  return (
    <div className="grid min-w-0 gap-x-6 gap-y-4 lg:grid-cols-[minmax(0,0.62fr)_minmax(0,1fr)]">
      <section aria-label="In words" className="min-w-0">
        <h3 className="mb-1 flex min-h-7 items-center font-semibold">What will happen</h3>
        {sentences === null ? (
          <p className="text-ink-3">{problem === null ? "Asking the agent" : "Not known"}</p>
        ) : sentences.length === 0 ? (
          <p className="text-ink-3">Nothing changes.</p>
        ) : (
          <Sentences sentences={sentences} backendNames={backendNames} />
        )}
      </section>
      <section aria-label="Kernel transaction" className="min-w-0">
        <h3 className="mb-1 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-semibold">Kernel transaction</span>
          <span className="text-small text-ink-3">{statementsText(preview?.statements ?? null)}</span>
          <span className="ml-auto flex text-small">
            <KernelCheck state={state} />
          </span>
          {preview !== null && preview.script !== "" ? (
            <CopyButton text={preview.script} what="nft text" withWord />
          ) : null}
        </h3>
        {problem === null ? null : <Note tone="warn">{problem.text}</Note>}
        {preview?.check?.ok === false ? <p className="mb-2 text-small text-danger-ink">{preview.check.text}</p> : null}
        {preview === null ? null : preview.script === "" ? (
          <p className="text-ink-3">The kernel's rules stay as they are.</p>
        ) : (
          <NftText
            text={preview.script}
            label="nft text of the transaction"
            className="max-h-[min(340px,40dvh)] rounded-2 bg-sunken py-2"
          />
        )}
      </section>
    </div>
  );
}

function statementsText(statements: number | null): string {
  if (statements === null || statements === 0) return "";
  return statements === 1 ? "1 statement" : `${formatCounted(statements, "statement")}, one transaction`;
}
