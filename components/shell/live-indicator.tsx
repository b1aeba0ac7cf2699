"use client";

import { Link2Off } from "lucide-react";
import { useBalancerLive, useFreshness } from "@/components/live/use-live.ts";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatAge } from "@/components/ui/numbers.ts";

const announcements = {
  connecting: "",
  live: "Live values",
  stale: "Values are stale: the server is silent",
  lost: "Values are stale: the agent does not answer",
} as const;

/** Live with the time of the last values, or how old they are. Screen readers hear the change of state, not each second. */
export function LiveIndicator() {
  const { state, ageS } = useFreshness();
  const balancer = useBalancerLive();
  const age = ageS === null ? "" : ` ${formatAge(ageS * 1000)}`;
  return (
    <>
      <span role="status" className="sr-only">
        {announcements[state]}
      </span>
      {state === "live" ? (
        <span className="inline-flex items-center gap-[7px] text-small whitespace-nowrap text-ink-3">
          <span aria-hidden className="size-2 rounded-full bg-st-up forced-color-adjust-none" />
          <span>Live</span>
          {balancer === null ? null : (
            <span aria-hidden className="max-md:hidden">
              <LocalTime atMs={balancer.at} />
            </span>
          )}
        </span>
      ) : state === "connecting" ? (
        <span className="text-small text-ink-3">Connecting</span>
      ) : (
        <span className="inline-flex h-[22px] items-center gap-1.5 rounded-1 border-3 border-double border-line-strong bg-sunken px-1.5 text-small font-medium whitespace-nowrap text-ink">
          <Link2Off aria-hidden className="size-3.5" strokeWidth={1.5} />
          {state === "lost" ? "Agent lost" : "Stale"}
          <span aria-hidden>{age}</span>
        </span>
      )}
    </>
  );
}
