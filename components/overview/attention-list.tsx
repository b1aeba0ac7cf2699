"use client";

import { isNotKnown } from "@/components/live/freshness.ts";
import { useAgentState, useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { attentionOf } from "./attention.ts";
import type { FarmBrief } from "./farm-brief.ts";

const shownMax = 12;

export function AttentionList({ farms }: { readonly farms: readonly FarmBrief[] }) {
  const rows = useFarmRows();
  const isLost = isNotKnown(useFreshness().state);
  const found = attentionOf(farms, rows, useAgentState()?.findings);
  const items = found.slice(0, shownMax);
  return (
    <Panel
      title="Needs attention"
      meta={found.length === 0 ? undefined : `${countText(found.length)}, ${isLost ? "last known" : "worst first"}`}
    >
      {items.length === 0 ? (
        <NothingFound isKnown={rows !== null} isLost={isLost} />
      ) : (
        <ul>
          {items.map((item) => (
            <li
              key={item.key}
              className="grid min-h-[46px] grid-cols-[14px_minmax(0,1fr)_auto] items-center gap-x-[11px] border-b border-line py-1.5 pr-2 pl-3.5 last:border-b-0"
            >
              <StatusGlyph kind={isLost ? "unknown" : item.glyph} />
              <div className="min-w-0 leading-[17px]">
                <b className="font-medium">{item.subject}</b> {item.text}
                <small className="block text-small text-ink-3">{item.detail}</small>
              </div>
              <ButtonLink href={item.href} aria-label={`${item.step}: ${item.subject}`}>
                {item.step}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function countText(count: number): string {
  return count > shownMax ? `${shownMax} of ${formatCount(count)}` : String(count);
}

/** An empty list is good news only while the values are fresh. */
function NothingFound({ isKnown, isLost }: { readonly isKnown: boolean; readonly isLost: boolean }) {
  if (isLost)
    return (
      <EmptyState title="Not known now">
        {isKnown ? "Nothing was wrong when the last values came." : "No values have come yet."}
      </EmptyState>
    );
  if (!isKnown) return <EmptyState title="Waiting for the first values" />;
  return <EmptyState title="Nothing needs attention">Every enabled farm takes new connections as planned.</EmptyState>;
}
