"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFreshness } from "@/components/live/use-live.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Note } from "@/components/ui/note.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { SearchBox } from "@/components/ui/search-box.tsx";
import { findLines, withHexOffsets } from "./ruleset-lines.ts";
import { RulesetText } from "./ruleset-text.tsx";

type RulesetPageProps = { readonly farmId: string; readonly farmName: string };
type Ruleset = { readonly farmId: string; readonly at: number; readonly text: string };

/** What the kernel runs for this farm, listed now. Read only. */
export function RulesetPage({ farmId, farmName }: RulesetPageProps) {
  const [search, setSearch] = useState("");
  const deferred = useDeferredValue(search);
  const { state } = useFreshness();
  const isOut = isNotKnown(state);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["ruleset", farmId],
    queryFn: ({ signal }) => fetchRuleset(farmId, signal),
    enabled: state === "live",
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
  });
  const found = data === undefined ? null : findLines(data.text, deferred);
  return (
    <>
      {error === null || isOut ? null : <Note tone="bad">{error.message}</Note>}
      <Panel
        title="Running rules"
        meta={
          data === undefined ? (
            "listing"
          ) : (
            <>
              as the kernel lists them, counters included, at <LocalTime atMs={data.at} />
            </>
          )
        }
        actions={
          <>
            {data === undefined ? null : <CopyButton withWord text={data.text} what={`rules of ${farmName}`} />}
            <Button
              pending={isFetching}
              disabledReason={isOut ? "The agent does not answer" : null}
              onClick={() => void refetch()}
            >
              <RefreshCw aria-hidden className="size-3.5" strokeWidth={1.5} />
              Refresh
            </Button>
          </>
        }
      >
        <search className="flex flex-wrap items-center gap-3 border-b border-line px-3.5 py-2">
          <SearchBox
            label="Find in the rules"
            placeholder="Find in the rules"
            className="w-72"
            value={search}
            onChange={setSearch}
          />
          <span role="status" className="text-small text-ink-3">
            {found === null
              ? ""
              : deferred.trim() === ""
                ? `${formatCount(found.matches)} lines`
                : `${formatCount(found.matches)} ${found.matches === 1 ? "line" : "lines"} found`}
          </span>
        </search>
        {found === null ? (
          <EmptyState
            title={
              isOut
                ? "The agent lists the rules, and does not answer now"
                : error === null
                  ? "Listing the rules"
                  : "No listing"
            }
          />
        ) : found.lines.length === 0 ? (
          <EmptyState title="Nothing found" action={<Button onClick={() => setSearch("")}>Clear search</Button>} />
        ) : (
          <RulesetText lines={found.lines} search={deferred} label={`Running rules of ${farmName}`} />
        )}
      </Panel>
    </>
  );
}

async function fetchRuleset(farmId: string, signal: AbortSignal): Promise<Ruleset> {
  const answer = await fetch(`/api/ruleset?farm=${farmId}`, { signal, cache: "no-store" });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && isRuleset(body)) return { ...body, text: withHexOffsets(body.text) };
  throw new Error(problemText(body));
}

function isRuleset(body: unknown): body is Ruleset {
  return typeof body === "object" && body !== null && "text" in body && typeof body.text === "string" && "at" in body;
}

function problemText(body: unknown): string {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const text = typeof error === "object" && error !== null && "text" in error ? error.text : null;
  return typeof text === "string" ? text : "The rules could not be listed.";
}
