"use client";

import type { ComponentProps } from "react";
import { useAgentState, useFreshness } from "@/components/live/use-live.ts";
import { Note } from "@/components/ui/note.tsx";
import { formatAge } from "@/components/ui/numbers.ts";
import { ClaimBalancer } from "./claim-balancer.tsx";

type LostBannerProps = ComponentProps<typeof ClaimBalancer>;

/** Says what is lost, what goes on, and what still works. */
export function LostBanner({ farmCount, claim }: LostBannerProps) {
  const agent = useAgentState();
  const { state, ageS } = useFreshness();
  if (state === "lost") {
    const host = agent?.hostname ?? "this balancer";
    const revision = agent?.n == null ? "the last revision" : `revision ${agent.n}`;
    return (
      <Note tone="lost">
        <b>
          {agent?.state === "other-protocol"
            ? `The agent on ${host} is of another version: restart the older of the two, agent or web.`
            : `The agent on ${host} has not answered${ageS === null ? "" : ` for ${formatAge(ageS * 1000)}`}.`}
        </b>{" "}
        The kernel goes on balancing with {revision}. Values are the last known; changes cannot be applied.
        {agent?.text ? <span className="block text-small text-ink-2">{agent.text}</span> : null}
      </Note>
    );
  }
  if (state === "stale") {
    return (
      <Note tone="lost">
        <b>No news from the server{ageS === null ? "" : ` for ${formatAge(ageS * 1000)}`}.</b> Balancing does not depend
        on it. Values are the last known; this page reconnects by itself.
      </Note>
    );
  }
  if (agent?.sync === "drift") {
    return (
      <Note tone="warn">
        <b>The kernel differs from revision {agent.n}.</b> Something else changed our rules; the agent is putting them
        right.
      </Note>
    );
  }
  if (agent?.sync === "unclaimed") {
    return <ClaimBalancer farmCount={farmCount} claim={claim} />;
  }
  return null;
}
