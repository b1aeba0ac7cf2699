import Link from "next/link";
import { MarkSign } from "@/components/charts/event-list.tsx";
import { glyphOf } from "@/components/charts/event-marks.ts";
import { LocalTime } from "@/components/ui/local-time.tsx";
import type { Untold } from "@/server/core/notify/untold.ts";

/** The newest events of a week that somebody should have been told of. */
export function UntoldList({ untold }: { readonly untold: readonly Untold[] }) {
  return (
    <div className="border-t border-line">
      <h3 className="flex flex-wrap items-baseline gap-x-2.5 px-3.5 pt-2.5 pb-1 font-medium">
        Nobody was told of
        <Link className="link text-small font-normal" href="/events">
          All events
        </Link>
      </h3>
      {untold.length === 0 ? (
        <p className="px-3.5 pb-3 text-ink-2">Nothing: of all trouble of the last week somebody was told.</p>
      ) : (
        <ol aria-label="Events nobody was told of" className="pb-1.5">
          {untold.map(({ event, why }) => (
            <li
              key={event.id}
              className="grid grid-cols-[14px_136px_minmax(0,1fr)_minmax(0,280px)] items-baseline gap-x-2.5 px-3.5 py-1 max-md:grid-cols-[14px_minmax(0,1fr)]"
            >
              <span className="self-center">
                <MarkSign glyph={glyphOf(event)} />
              </span>
              <LocalTime atMs={event.at} withDate className="text-small text-ink-3" />
              <span className="min-w-0 break-words max-md:col-start-2">
                {event.farmName === null ? null : `${event.farmName}: `}
                {event.text}
              </span>
              <span className="min-w-0 text-small break-words text-ink-2 max-md:col-start-2">{why}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
