"use client";

import { MarkSign } from "@/components/charts/event-list.tsx";
import { glyphOf } from "@/components/charts/event-marks.ts";
import { useAgentState } from "@/components/live/use-live.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { EventView } from "@/server/core/change/views.ts";
import { useRereadOnEvent } from "./use-reread-on-event.ts";

/** The last things that happened, from the log; a new one makes the page read it again. */
export function EventLog({ events }: { readonly events: readonly EventView[] }) {
  useRereadOnEvent(events[0]?.at ?? null);
  const isKnown = useAgentState() !== null;
  return (
    <Panel title="Last events" meta={events.length === 0 ? undefined : "newest first"}>
      {events.length === 0 ? (
        <EmptyState title={isKnown ? "No events yet" : "Waiting for the first events"} />
      ) : (
        <ul>
          {events.map((event) => (
            <li
              key={event.id}
              className="grid min-h-[30px] grid-cols-[58px_14px_minmax(0,92px)_minmax(0,1fr)_auto] items-center gap-x-2.5 border-b border-line px-3.5 py-1 last:border-b-0 max-md:grid-cols-[58px_14px_minmax(0,1fr)]"
            >
              <LocalTime atMs={event.at} className="text-small text-ink-3" />
              <MarkSign glyph={glyphOf(event)} />
              <span className="truncate" title={event.farmName ?? undefined}>
                {event.farmName ?? "balancer"}
              </span>
              <span className="min-w-0 wrap-anywhere text-ink-2 max-md:col-start-3">{event.text}</span>
              <span className="text-small text-ink-3 max-md:hidden">{event.by ?? "agent"}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
