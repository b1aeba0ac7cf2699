import { CopyButton } from "@/components/ui/copy-button.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { StatusText } from "@/components/ui/status-text.tsx";
import type { AgentState, HostFinding } from "@/server/core/metrics/feed.ts";

/** What on this host is in the way of the farms, each with the command that would change it. Nothing is changed by us. */
export function HostFindings({ findings }: { readonly findings: readonly HostFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-label="Found on this host" className="border-t border-line">
      <h3 className="px-3.5 pt-2.5 pb-1 font-medium">Found on this host</h3>
      <ul>
        {findings.map((finding) => (
          <li
            key={finding.id}
            className="grid min-h-8 grid-cols-[110px_minmax(0,1fr)] gap-x-3 border-b border-line px-3.5 py-1.5 last:border-b-0"
          >
            <StatusText kind={finding.level === "problem" ? "down" : "degraded"}>
              {finding.level === "problem" ? "Problem" : "Warning"}
            </StatusText>
            <div className="min-w-0 break-words text-ink-2">
              {finding.text}.{finding.farms === null ? null : ` It concerns ${farmsText(finding.farms)}.`}
              {finding.command === null ? null : <Command text={finding.command} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Command({ text }: { readonly text: string }) {
  return (
    <span className="mt-0.5 flex flex-wrap items-center gap-1 text-ink">
      <code className="break-all">{text}</code>
      <CopyButton text={text} what="command" />
    </span>
  );
}

function farmsText(farms: number): string {
  if (farms === 0) return "no farm now";
  return formatCounted(farms, "farm");
}

/** The last time somebody else changed our rules: who and what, as found and as put back. */
export function LastDrift({ drift }: { readonly drift: AgentState["drift"] }) {
  if (drift === null) return null;
  return (
    <section aria-label="Last foreign change" className="border-t border-line px-3.5 py-2.5">
      <h3 className="font-medium">Last foreign change of our rules</h3>
      <p className="break-words text-ink-2">
        <LocalTime atMs={drift.at} withDate /> {drift.text}
      </p>
      {drift.lines.length === 0 ? null : (
        <pre className="mono mt-1 overflow-x-auto rounded-2 bg-sunken p-2 text-small">
          {drift.lines.map((line) => `${line}\n`).join("")}
        </pre>
      )}
    </section>
  );
}
