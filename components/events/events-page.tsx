"use client";

import Link from "next/link";
import { MarkSign } from "@/components/charts/event-list.tsx";
import { glyphOf } from "@/components/charts/event-marks.ts";
import { useRereadOnEvent } from "@/components/overview/use-reread-on-event.ts";
import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { EventView } from "@/server/core/change/views.ts";
import { EventFilters } from "./event-filters.tsx";
import { type EventKind, type EventQuery, eventKindTexts, eventsHref } from "./event-query.ts";

type EventsPageProps = {
  readonly events: readonly EventView[];
  readonly query: EventQuery;
  readonly farms: readonly { readonly id: string; readonly name: string }[];
  /** kinds that who is looking may see */
  readonly kinds: readonly EventKind[];
  /** id of the oldest event shown while there may be older ones */
  readonly olderThan: string | null;
};

/** Everything that happened, newest first; what happens now appears by itself on the newest page. */
export function EventsPage({ events, query, farms, kinds, olderThan }: EventsPageProps) {
  useRereadOnEvent(events[0]?.at ?? null);
  const { before: _before, ...filters } = query;
  const isNewest = query.before === undefined;
  const known = new Set(farms.map(({ id }) => id));
  return (
    <>
      <Panel>
        <EventFilters query={filters} farms={farms} kinds={kinds} />
      </Panel>
      <Panel
        title="Log"
        meta={isNewest ? "newest first" : "older events, newest first"}
        actions={
          <a className="link text-small" href={eventsHref("/api/events", filters)} download>
            Download as CSV
          </a>
        }
      >
        {events.length === 0 ? (
          <EmptyState title="No event fits" action={<ButtonLink href="/events">Show all</ButtonLink>} />
        ) : (
          <ol aria-label="Events">
            {events.map((event) => (
              <EventRow key={event.id} event={event} isFarmKnown={event.farmId !== null && known.has(event.farmId)} />
            ))}
          </ol>
        )}
      </Panel>
      <nav aria-label="Pages of the log" className="flex gap-2 empty:hidden">
        {isNewest ? null : <ButtonLink href={eventsHref("/events", filters)}>Newest</ButtonLink>}
        {olderThan === null ? null : (
          <ButtonLink href={eventsHref("/events", { ...filters, before: olderThan })}>Older events</ButtonLink>
        )}
      </nav>
    </>
  );
}

function EventRow({ event, isFarmKnown }: { readonly event: EventView; readonly isFarmKnown: boolean }) {
  const kind = Object.hasOwn(eventKindTexts, event.kind) ? eventKindTexts[event.kind as EventKind] : event.kind;
  const farm = event.farmName ?? (event.farmId === null ? "balancer" : "a farm");
  return (
    <li className="grid min-h-[34px] grid-cols-[136px_14px_minmax(0,150px)_minmax(0,1fr)_minmax(0,130px)] items-baseline gap-x-2.5 border-b border-line px-3.5 py-1.5 last:border-b-0 max-md:grid-cols-[14px_minmax(0,1fr)]">
      <LocalTime atMs={event.at} withDate className="text-small text-ink-3 max-md:order-3 max-md:col-start-2" />
      <span title={kind} className="mt-[3px] self-start">
        <MarkSign glyph={glyphOf(event)} />
        <span className="sr-only">{kind}: </span>
      </span>
      {isFarmKnown && event.farmId !== null ? (
        <Link className="link truncate" href={`/farms/${event.farmId}`}>
          {farm}
        </Link>
      ) : (
        <span className="truncate text-ink-2">{farm}</span>
      )}
      <span className="min-w-0 break-words max-md:order-2 max-md:col-start-2">{event.text}</span>
      <span className="truncate text-small text-ink-3 max-md:order-4 max-md:col-start-2">{event.by ?? "agent"}</span>
    </li>
  );
}
