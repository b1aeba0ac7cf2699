/** The tab's own copy of the feed, outside React: messages go in, query cache and freshness come out. */
import type { QueryClient } from "@tanstack/react-query";
import type { LiveFeedMessage } from "@/server/core/metrics/feed.ts";
import { liveKeys } from "@/server/core/metrics/feed.ts";
import { applyMessage, emptyFeedCache, type FeedCache } from "./apply-message.ts";
import type { Freshness } from "./freshness.ts";
import { freshness } from "./freshness.ts";

export type LiveStore = {
  readonly receive: (message: LiveFeedMessage) => void;
  /** time passes: stale values get older */
  readonly tickClock: () => void;
  readonly readFreshness: () => Freshness;
  readonly subscribe: (listener: () => void) => () => void;
};

const connecting: Freshness = { state: "connecting", ageS: null };

export function createLiveStore(queries: QueryClient, now: () => number): LiveStore {
  let cache: FeedCache = emptyFeedCache;
  let valuesAtMs: number | null = null;
  let current = connecting;
  const listeners = new Set<() => void>();

  function refresh(): void {
    const next = freshness({ valuesAtMs, agent: cache.agent }, now());
    if (next.state === current.state && next.ageS === current.ageS) return;
    current = next;
    for (const listener of listeners) listener();
  }
  return {
    receive(message) {
      const before = cache;
      cache = applyMessage(before, message);
      valuesAtMs = arrival(message, now()) ?? valuesAtMs;
      publish(queries, before, cache);
      refresh();
    },
    tickClock: refresh,
    readFreshness: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** When the values of this message were true, on the reader's clock; null = it carries none. */
function arrival(message: LiveFeedMessage, nowMs: number): number | null {
  if (message.type === "tick") return nowMs;
  if (message.type !== "snapshot") return null;
  if (message.agent.state === "answering") return message.balancer === null ? null : nowMs;
  return message.agent.lastSeenAt === null ? null : nowMs - Math.max(0, message.at - message.agent.lastSeenAt);
}

function publish(queries: QueryClient, before: FeedCache, after: FeedCache): void {
  if (before.agent !== after.agent) queries.setQueryData(liveKeys.agent, after.agent);
  if (before.balancer !== after.balancer) queries.setQueryData(liveKeys.balancer, after.balancer);
  if (before.rows !== after.rows) queries.setQueryData(liveKeys.rows, after.rows);
  if (before.monitor !== after.monitor) queries.setQueryData(liveKeys.monitor, after.monitor);
  if (before.events !== after.events) queries.setQueryData(liveKeys.events, after.events);
  if (before.farms === after.farms) return;
  for (const [id, farm] of after.farms) {
    if (before.farms.get(id) !== farm) queries.setQueryData(liveKeys.farm(id), farm);
  }
}
