import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { StatusText } from "@/components/ui/status-text.tsx";
import { SyncMark } from "@/components/ui/sync-mark.tsx";
import type { ChangeView, RevisionView } from "@/server/core/change/views.ts";
import type { HistoryActions } from "./history-actions.ts";
import { RevisionList } from "./revision-list.tsx";

type HistoryPageProps = {
  readonly revisions: readonly RevisionView[];
  readonly changes: readonly ChangeView[];
  readonly farmNames: Readonly<Record<string, string>>;
  readonly actions: HistoryActions | null;
  /** address of the next, older page; null = there is none */
  readonly olderHref: string | null;
  readonly newestHref: string | null;
  /** on the farm's own page */
  readonly farmId?: string;
};

/** What was changed, when, by whom; and what was wanted and did not become a revision. */
export function HistoryPage(props: HistoryPageProps) {
  const { revisions, changes, olderHref, newestHref } = props;
  return (
    <>
      {changes.length === 0 ? null : <OpenChanges changes={changes} />}
      <Panel title="Revisions" meta="newest first">
        {revisions.length === 0 ? (
          <EmptyState title="No revision here">Each accepted change of a farm is one revision.</EmptyState>
        ) : (
          <RevisionList {...props} />
        )}
      </Panel>
      <nav aria-label="Pages of the history" className="flex gap-2">
        {newestHref === null ? null : <ButtonLink href={newestHref}>Newest</ButtonLink>}
        {olderHref === null ? null : <ButtonLink href={olderHref}>Older revisions</ButtonLink>}
      </nav>
    </>
  );
}

function OpenChanges({ changes }: { readonly changes: readonly ChangeView[] }) {
  return (
    <Panel title="Not revisions" meta="under way or refused; the kernel was not changed by refused ones">
      <ul>
        {changes.map((change) => (
          <li
            key={change.uuid}
            className="grid grid-cols-[100px_minmax(0,1fr)] items-start gap-x-3.5 border-b border-line px-3.5 py-2 last:border-b-0"
          >
            {change.state === "applying" ? <SyncMark state="applying" /> : <StatusText kind="down">Refused</StatusText>}
            <div className="min-w-0">
              <span className="break-words">{change.text}</span>
              <p className="flex flex-wrap gap-x-3 text-small text-ink-3">
                <LocalTime atMs={change.at} withDate />
                <span>{change.by}</span>
                <span>{operationsText(change.operations)}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const verbs: Readonly<Record<ChangeView["operations"][number]["type"], string>> = {
  "put-farm": "save",
  "put-list": "save list",
  "remove-list": "remove list",
  "remove-farm": "remove",
  "set-enabled": "start or stop",
  "set-weights": "weights",
  "set-admin-state": "drain, resume or maintenance",
  cut: "cut",
};

function operationsText(operations: ChangeView["operations"]): string {
  const said = operations.slice(0, 3).map((operation) => {
    const name = operation.type === "put-farm" ? ` ${operation.farm.name}` : "";
    return `${verbs[operation.type]}${name}`;
  });
  return operations.length > 3 ? `${said.join("; ")} and ${operations.length - 3} more` : said.join("; ");
}
