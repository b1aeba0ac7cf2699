"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Note } from "@/components/ui/note.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { scrapeConfig } from "./scrape-config.ts";

type MetricsPanelProps = {
  /** null = there is none yet */
  readonly token: string | null;
  /** where browsers find this console */
  readonly origin: string;
  /** the Prometheus that long charts are read from; null = our own history only */
  readonly longHistoryUrl: string | null;
  readonly makeToken: () => Promise<
    { readonly status: "ok"; readonly token: string } | { readonly status: "refused"; readonly text: string }
  >;
};

/** What Prometheus needs to know. Only administrators see it. */
export function MetricsPanel({ token: firstToken, origin, longHistoryUrl, makeToken }: MetricsPanelProps) {
  const [token, setToken] = useState(firstToken);
  const [problem, setProblem] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isPending, setPending] = useState(false);
  async function make() {
    setPending(true);
    const made = await makeToken();
    setPending(false);
    setAsking(false);
    if (made.status === "ok") setToken(made.token);
    setProblem(made.status === "ok" ? null : made.text);
  }
  return (
    <Panel
      title="Prometheus"
      meta="/metrics"
      actions={
        token === null ? (
          <Button pending={isPending} onClick={() => void make()}>
            Make a token
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>Replace the token</Button>
        )
      }
      padded
    >
      {problem === null ? null : <Note tone="bad">{problem}</Note>}
      {token === null ? (
        <p className="text-ink-2">Without a token nobody may read the metrics of this balancer.</p>
      ) : (
        <div className="grid gap-2">
          <p className="flex flex-wrap items-center justify-between gap-2 text-ink-2">
            <span>
              For scrape_configs in prometheus.yml; the dashboard for Grafana is{" "}
              <a className="link" href="/grafana/sluice.json" download>
                sluice.json
              </a>
            </span>
            <CopyButton text={scrapeConfig(origin, token)} what="scrape configuration" withWord />
          </p>
          <pre className="mono rounded-2 bg-sunken px-3 py-2 text-small break-all whitespace-pre-wrap">
            {scrapeConfig(origin, token)}
          </pre>
        </div>
      )}
      <p className="pt-2 text-small text-ink-2">
        {longHistoryUrl === null
          ? "Charts are drawn from our own history of 30 days. SLUICE_PROMETHEUS_URL names a Prometheus that keeps more."
          : `Charts over more than a day are read from ${longHistoryUrl}.`}
      </p>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Replace the token?"
        action="Replace"
        pending={isPending}
        onConfirm={() => void make()}
      >
        Whoever scrapes with the present token is refused until it has the new one.
      </ConfirmDialog>
    </Panel>
  );
}
