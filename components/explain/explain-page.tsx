"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFreshness } from "@/components/live/use-live.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Note } from "@/components/ui/note.tsx";
import { Explanation } from "./explanation.tsx";
import { fetchExplanation } from "./fetch-explanation.ts";
import { explainPath, questionErrors, readQuestion } from "./question.ts";
import { QuestionForm } from "./question-form.tsx";

/** Which backend a client gets and why. The question stands in the URL: a link to it asks it again. */
export function ExplainPage({ targets }: { readonly targets: readonly string[] }) {
  const asked = readQuestion(useSearchParams());
  const router = useRouter();
  const isOut = isNotKnown(useFreshness().state);
  const canAsk = Object.keys(questionErrors(asked)).length === 0;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["explain", asked.client, asked.target],
    queryFn: ({ signal }) => fetchExplanation(asked, signal),
    enabled: canAsk,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <QuestionForm
        key={`${asked.client} ${asked.target}`}
        start={asked}
        targets={targets}
        pending={isFetching}
        onAsk={(question) => {
          const path = explainPath(question);
          if (path === explainPath(asked)) void refetch();
          else router.push(path, { scroll: false });
        }}
      />
      {error === null ? null : <Note tone={isOut ? "lost" : "bad"}>{error.message}</Note>}
      {data !== undefined && error === null ? (
        <Explanation explanation={data} />
      ) : (
        <div className="rounded-3 border border-line bg-surface">
          <EmptyState title={isFetching ? "Asking the balancer" : "No client asked about yet"}>
            The way of a new connection, step by step: the farm that answers, filters, what is remembered of the client,
            the scheduler and its slot, the backend.
          </EmptyState>
        </div>
      )}
    </>
  );
}
