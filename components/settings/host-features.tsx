import { StatusText } from "@/components/ui/status-text.tsx";
import type { AgentState } from "@/server/core/metrics/feed.ts";

/** What the agent can do on this host, as it found out itself. */
export function HostFeatures({ agent }: { readonly agent: AgentState }) {
  const isLost = agent.state !== "answering";
  if (agent.features.length === 0) return null;
  return (
    <section aria-label="What works here" className="border-t border-line">
      <h3 className="px-3.5 pt-2.5 pb-1 font-medium">
        What works here <span className="font-normal text-ink-3">as the agent found it on this host</span>
      </h3>
      <ul>
        {agent.features.map((feature) => (
          <li
            key={feature.name}
            className="grid min-h-8 grid-cols-[110px_180px_minmax(0,1fr)] items-center gap-x-3 border-b border-line px-3.5 py-1 last:border-b-0 max-md:grid-cols-[110px_minmax(0,1fr)]"
          >
            <StatusText kind={featureGlyph(feature.ok, isLost)}>{featureWord(feature.ok, isLost)}</StatusText>
            <span className="font-medium">{feature.name}</span>
            <span className="break-words text-ink-2 max-md:col-span-2">{feature.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of an agent that is gone it is what it said last: nothing is green that is not known. */
function featureGlyph(isOk: boolean, isLost: boolean): "up" | "degraded" | "unknown" {
  return isLost ? "unknown" : isOk ? "up" : "degraded";
}

function featureWord(isOk: boolean, isLost: boolean): string {
  const word = isOk ? "Works" : "Missing";
  return isLost ? `Was: ${word.toLowerCase()}` : word;
}
