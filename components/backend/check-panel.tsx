import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatAge, formatMs } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { checkText } from "@/server/core/change/explain-checks.ts";
import { checkOf, checkPort } from "@/server/core/farm/health-check.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import type { BackendLive, CheckLive } from "@/server/core/metrics/live.ts";
import { Fact } from "./fact.tsx";
import { certificateWords, checkGlyphs, checkWord, entryText, inRowWords, lastCheckWords } from "./monitor-words.ts";
import type { TestNow } from "./use-test-now.ts";

type CheckPanelProps = {
  readonly farm: Farm;
  readonly backend: Backend;
  readonly row: BackendLive | null;
  readonly nowMs: number | null;
  readonly test: TestNow | null;
  readonly isLost: boolean;
};

/** How it is asked, and what it said last. */
export function CheckPanel({ farm, backend, row, nowMs, test, isLost }: CheckPanelProps) {
  const at = farm.backends.findIndex(({ id }) => id === backend.id);
  const check = checkOf(farm, at);
  const port = checkPort(farm, at);
  if (check === null)
    return (
      <Panel title="Health check">
        <EmptyState title="Not checked">
          Nobody asks this backend: it gets its share whether it answers or not. A check is set in the farm's settings.
        </EmptyState>
      </Panel>
    );
  const where = port === null ? backend.address : `${backend.address}, port ${port}`;
  return (
    <Panel title="Health check" meta={backend.healthCheck === null ? "as the farm" : "its own"} padded>
      <p className="text-ink-2 wrap-anywhere">
        {upperFirst(checkText(check))}, at {where}.
      </p>
      <dl className="mt-3 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {row?.check === undefined ? null : <LastCheck check={row.check} nowMs={nowMs} isLost={isLost} />}
      </dl>
      {test === null ? null : <TestResult test={test} />}
    </Panel>
  );
}

type LastCheckProps = Pick<CheckPanelProps, "nowMs" | "isLost"> & { readonly check: CheckLive };

function LastCheck({ check, nowMs, isLost }: LastCheckProps) {
  const { at, tookMs, text, certificateDays } = check;
  const last = lastCheckWords(check);
  const inRow = inRowWords(check);
  return (
    <>
      <Fact name="Last check">
        {at === null ? null : <StatusGlyph kind={isLost ? "unknown" : last.glyph} />}
        <span>
          {last.text}
          {tookMs === null ? "" : ` in ${formatMs(tookMs)} ms`}
          {at === null || nowMs === null || isLost ? null : `, ${formatAge(nowMs - at)} ago`}
        </span>
        {text === "" ? null : <span className="w-full text-ink-2">{text}</span>}
      </Fact>
      {inRow === null ? null : <Fact name="In a row">{inRow}</Fact>}
      {certificateDays === null ? null : <Fact name="Certificate">{certificateWords(certificateDays)}</Fact>}
    </>
  );
}

/** The region exists before it is filled, so that its words are said. */
function TestResult({ test: { result, problem, isPending } }: { readonly test: TestNow }) {
  const isEmpty = result === null && problem === null && !isPending;
  return (
    <div role="status" aria-label="Test" className={isEmpty ? "sr-only" : "mt-3 border-t border-line pt-2"}>
      {isPending ? <span className="text-ink-3">Asking it now.</span> : null}
      {!isPending && problem !== null ? <span className="text-danger-ink">{problem}</span> : null}
      {!isPending && problem === null && result !== null ? (
        <span className="flex flex-wrap items-center gap-x-1.5">
          <StatusGlyph kind={checkGlyphs[checkWord(result)]} />
          <b className="font-medium">
            Tested at <LocalTime atMs={result.at} />:
          </b>{" "}
          {entryText(result)}
        </span>
      ) : null}
    </div>
  );
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
