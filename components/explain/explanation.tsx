import clsx from "clsx";
import Link from "next/link";
import { withHexOffsets } from "@/components/ruleset/ruleset-lines.ts";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { formatCount, formatShare } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { ClientExplanation, Step } from "@/server/core/explain/explain-client.ts";
import { targetText } from "@/server/core/explain/query.ts";
import { answerOf, stagesOf, stageWords } from "./explain-words.ts";

/** The answer first, then the way to it; the running rules' own words beside each step. */
export function Explanation({ explanation }: { readonly explanation: ClientExplanation }) {
  const { farm, query, steps, candidates, backend, rulesFrom } = explanation;
  const { text, certainty } = answerOf(explanation);
  const client = query.clientPort === null ? query.client : `${query.client} port ${query.clientPort}`;
  return (
    <Panel
      title="Answer"
      meta={rulesFrom === "kernel" ? "by the rules that run now" : "calculated: the kernel could not be asked"}
    >
      <div role="status" className="grid gap-0.5 border-b border-line px-3.5 py-3">
        <p className="text-small text-ink-3">
          <span className="mono">{client}</span> to <span className="mono">{targetText(query)}</span>
        </p>
        <p className="text-title font-semibold tracking-[-0.02em] break-words">{text}</p>
        <p className="text-ink-2">
          {farm === null ? null : (
            <>
              Farm{" "}
              <Link className="link" href={`/farms/${farm.id}`}>
                {farm.name}
              </Link>
            </>
          )}
          {certainty === null ? null : `, ${certainty}`}
        </p>
      </div>
      <ol aria-label="Steps" className="grid px-3.5 py-3">
        {stagesOf(steps).map(({ stage, steps: own }, index, all) => (
          <li
            key={`${stage} ${own[0]?.text}`}
            className="relative grid grid-cols-[20px_minmax(0,1fr)] gap-x-3 pb-4 last:pb-0"
          >
            <span
              aria-hidden
              className={clsx(
                "z-10 grid size-5 place-items-center rounded-full border border-line-strong bg-surface text-micro text-ink-2",
              )}
            >
              {index + 1}
            </span>
            {index === all.length - 1 ? null : (
              <span aria-hidden className="absolute top-5 bottom-0 left-2.5 border-l border-line-strong" />
            )}
            <div className="grid min-w-0 gap-1.5">
              <b className="font-medium">{stageWords[stage]}</b>
              {own.map((step) => (
                <StepRow key={step.text} step={step} />
              ))}
            </div>
          </li>
        ))}
      </ol>
      {backend === null && candidates.length > 0 ? <Candidates candidates={candidates} /> : null}
    </Panel>
  );
}

function StepRow({ step: { text, nft } }: { readonly step: Step }) {
  return (
    <div className="grid min-w-0 items-start gap-x-6 gap-y-1 lg:grid-cols-2">
      <p className="text-ink-2 wrap-anywhere">{text}.</p>
      {nft.length === 0 ? null : (
        <div className="grid gap-1">
          {nft.map((words) => (
            <code key={words} className="rounded-1 bg-sunken px-2 py-0.5 text-ink-2 wrap-anywhere">
              {withHexOffsets(words)}
            </code>
          ))}
        </div>
      )}
    </div>
  );
}

function Candidates({ candidates }: Pick<ClientExplanation, "candidates">) {
  return (
    <div className="border-t border-line">
      <DataTable label="Backends that may get the connection">
        <thead>
          <tr>
            <Th>Backend</Th>
            <Th num>Slots</Th>
            <Th num>Share, %</Th>
          </tr>
        </thead>
        <tbody>
          {candidates.slice(0, candidatesShown).map(({ backend, slots, sharePct }) => (
            <tr key={backend}>
              <th scope="row" className="font-medium">
                {backend}
              </th>
              <td className="num">{formatCount(slots)}</td>
              <td className="num">{formatShare(sharePct)}</td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      {candidates.length > candidatesShown ? (
        <p className="px-3.5 py-2 text-small text-ink-3">{candidates.length - candidatesShown} more have slots.</p>
      ) : null}
    </div>
  );
}

const candidatesShown = 50;
