"use client";

import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { attentionOf } from "./attention.ts";
import type { FarmBrief } from "./farm-brief.ts";

export function AttentionList({ farms }: { readonly farms: readonly FarmBrief[] }) {
  const rows = useFarmRows();
  const isLost = isNotKnown(useFreshness().state);
  const items = attentionOf(farms, rows);
  return (
    <Panel title="Needs attention" meta={items.length === 0 ? undefined : `${items.length}, worst first`}>
      {items.length === 0 ? (
        <EmptyState title={rows === null ? "Waiting for the first values" : "Nothing needs attention"}>
          {rows === null ? null : "Every enabled farm takes new connections as planned."}
        </EmptyState>
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
