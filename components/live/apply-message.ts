/** What a feed message does to the browser's cache. Pure: old cache and message in, new cache out; unchanged parts keep their identity. */
import type { AgentState, LiveFeedMessage } from "@/server/core/metrics/feed.ts";
import type { BalancerLive, FarmLive, FarmRow, LiveEvent } from "@/server/core/metrics/live.ts";
import type { MonitorRow } from "@/server/core/metrics/monitor.ts";

export type FeedCache = {
  readonly agent: AgentState | null;
  readonly balancer: BalancerLive | null;
  readonly rows: ReadonlyMap<string, FarmRow> | null;
  /** every backend by its id; null while the stream carries none: rows that nobody renews must not look like news */
  readonly monitor: ReadonlyMap<string, MonitorRow> | null;
  readonly farms: ReadonlyMap<string, FarmLive>;
  readonly events: readonly LiveEvent[];
};

export const emptyFeedCache: FeedCache = {
  agent: null,
  balancer: null,
  rows: null,
  monitor: null,
  farms: new Map(),
  events: [],
};

const eventsMax = 100;

export function applyMessage(cache: FeedCache, message: LiveFeedMessage): FeedCache {
  switch (message.type) {
    case "snapshot":
      return {
        agent: message.agent,
        balancer: message.balancer ?? cache.balancer,
        rows: message.rows === null ? cache.rows : byId(message.rows),
        monitor: message.monitor === null ? null : new Map(message.monitor.map((row) => [row.backendId, row])),
        farms: new Map([...cache.farms, ...byId(message.farms)]),
        events: message.events,
      };
    case "tick":
      return {
        ...cache,
        balancer: message.balancer,
        rows: cache.rows === null ? null : merge(cache.rows, message.rows, message.removed),
        monitor: mergeMonitor(cache.monitor, message.monitor),
        farms: merge(cache.farms, message.farms, message.removed),
      };
    case "event":
      return { ...cache, events: addEvent(cache.events, message.event) };
    case "agent":
      return { ...cache, agent: message.agent };
    case "revision":
      return cache.agent === null ? cache : { ...cache, agent: { ...cache.agent, epoch: message.epoch, n: message.n } };
  }
}

function byId<T extends { readonly farmId: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.farmId, row]));
}

function merge<T extends { readonly farmId: string }>(
  old: ReadonlyMap<string, T>,
  changed: readonly T[],
  removed: readonly string[],
): ReadonlyMap<string, T> {
  if (changed.length === 0 && removed.length === 0) return old;
  const next = new Map(old);
  for (const row of changed) next.set(row.farmId, row);
  for (const id of removed) next.delete(id);
  return next;
}

function mergeMonitor(
  old: FeedCache["monitor"],
  news: Extract<LiveFeedMessage, { type: "tick" }>["monitor"],
): FeedCache["monitor"] {
  if (old === null || news === undefined) return null;
  if (news.rows.length === 0 && news.gone.length === 0) return old;
  const next = new Map(old);
  for (const id of news.gone) next.delete(id);
  for (const row of news.rows) next.set(row.backendId, row);
  return next;
}

/** The same event can come twice: in the snapshot and by itself. */
function addEvent(events: readonly LiveEvent[], event: LiveEvent): readonly LiveEvent[] {
  if (events.some((known) => known.seq === event.seq && known.at === event.at)) return events;
  return [...events, event].slice(-eventsMax);
}
