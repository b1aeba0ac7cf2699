/**
 * Keeps the agent's last rows and fans each message out to the browsers by their scope. A message's text is made once per
 * scope, however many browsers share it, and carries only rows that changed. Memory is bounded by the farms and by the
 * 200 last events; slow readers are the subscriber's own affair (sse.ts).
 */
import { answering, lost, neverSeen, otherProtocol, sameState } from "../agent-link/agent-state.ts";
import type { AgentState, LiveFeedMessage } from "../core/metrics/feed.ts";
import { type KnownEvent, knownEvent, mergeKnown } from "../core/metrics/known-events.ts";
import type { BalancerLive, FarmLive, FarmRow, LiveEvent } from "../core/metrics/live.ts";
import { monitorRows } from "../core/metrics/monitor.ts";
import { sameBut } from "../core/metrics/same-value.ts";
import type { WebProcess } from "../platform/web-process.ts";
import type { AgentStatus } from "../wire/agent.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { createMonitorRows } from "./monitor-rows.ts";
import type { Scope } from "./scope.ts";

type Subscriber = { readonly scope: Scope; readonly deliver: (text: string) => void };

export type Hub = {
  agent(): AgentState;
  /** A farm's last row; null = the agent has told of none. */
  farm(farmId: string): FarmLive | null;
  /** A message of the agent's stream, at web's own time. A revision is kept back: see announce. */
  receive(message: StreamMessage, at: number): void;
  /** The agent's status, asked for between two streams' hellos. */
  status(status: AgentStatus, at: number): void;
  /** Tells the browsers to read farms again: only once the database has the revision, or they would read the old ones. */
  announce(message: Extract<StreamMessage, { type: "revision" }>): void;
  /** Something web itself knows of the agent. */
  note(event: LiveEvent): void;
  /** Events of before this agent's life, or this process's: a page that is loaded now shows them too. */
  learn(events: readonly KnownEvent[], at: number): void;
  lose(text: string): void;
  refuseProtocol(text: string): void;
  /** What a browser that just came, or fell behind, gets: text of a `snapshot`. */
  snapshot(scope: Scope, at: number): string;
  subscribe(subscriber: Subscriber): () => void;
  subscribers(): number;
};

const eventsKept = 200;
const eventsShown = 100;

export function createHub(web: WebProcess): Hub {
  const subscribers = new Set<Subscriber>();
  const farms = new Map<string, FarmLive>();
  const rows = new Map<string, FarmRow>();
  const monitor = createMonitorRows();
  let agent = neverSeen(web);
  let balancer: BalancerLive | null = null;
  let bootId: string | null = null;
  let known: KnownEvent[] = [];

  function fanOut(make: (scope: Scope) => LiveFeedMessage | null): void {
    const made = new Map<string, string | null>();
    for (const { scope, deliver } of subscribers) {
      let text = made.get(scope.key);
      if (text === undefined) {
        const message = make(scope);
        text = message === null ? null : JSON.stringify(message);
        made.set(scope.key, text);
      }
      if (text !== null) deliver(text);
    }
  }

  function setAgent(next: AgentState): void {
    const isNews = !sameState(agent, next);
    agent = next;
    if (isNews) fanOut(() => ({ type: "agent", agent }));
  }

  /** Takes the farms in; answers those whose row differs from the last one in more than its time. */
  function keep(changed: readonly FarmLive[]): Map<string, FarmRow> {
    const news = new Map<string, FarmRow>();
    for (const farm of changed) {
      farms.set(farm.farmId, farm);
      const row = rowOf(farm);
      const before = rows.get(farm.farmId);
      if (before === undefined || !sameBut("at", before, row)) news.set(farm.farmId, row);
      rows.set(farm.farmId, row);
    }
    return news;
  }

  function tick(message: Extract<StreamMessage, { type: "tick" }>): void {
    balancer = message.balancer;
    const news = keep(message.farms);
    for (const farmId of message.removed) {
      farms.delete(farmId);
      rows.delete(farmId);
    }
    const isWatched = [...subscribers].some(({ scope }) => scope.monitor);
    if (!isWatched) monitor.reset();
    const due = isWatched ? monitor.tick(message.farms, message.removed, message.at) : null;
    fanOut((scope) => ({
      type: "tick",
      at: message.at,
      balancer: message.balancer,
      ...(scope.monitor && due !== null ? { monitor: due } : {}),
      rows: scope.overview ? [...news.values()] : [],
      farms: message.farms.filter((farm) => scope.farmIds.has(farm.farmId)),
      removed: message.removed.filter((farmId) => scope.overview || scope.farmIds.has(farmId)),
    }));
  }

  function snapshotOf(scope: Scope, at: number): LiveFeedMessage {
    return {
      type: "snapshot",
      at,
      agent,
      balancer,
      rows: scope.overview ? [...rows.values()] : null,
      monitor: scope.monitor ? [...farms.values()].flatMap(monitorRows) : null,
      farms: [...farms.values()].filter((farm) => scope.farmIds.has(farm.farmId)),
      events: known.slice(-eventsShown).map(({ event }) => event),
    };
  }

  function know(more: readonly KnownEvent[]): void {
    known = mergeKnown(known, more, eventsKept);
  }

  function hello(message: Extract<StreamMessage, { type: "hello" }>, at: number): void {
    farms.clear();
    rows.clear();
    monitor.reset();
    keep(message.farms);
    balancer = message.balancer;
    bootId = message.status.bootId;
    const { epoch } = message.status;
    know(message.events.map((event) => knownEvent(event, { bootId, epoch })));
    agent = answering(message.status, at, web);
    fanOut((scope) => snapshotOf(scope, at));
  }

  return {
    agent: () => agent,
    farm: (farmId) => farms.get(farmId) ?? null,
    receive(message, at) {
      if (message.type === "hello") return hello(message, at);
      agent = { ...agent, lastSeenAt: at };
      if (message.type === "tick") tick(message);
      else if (message.type === "event") {
        know([knownEvent(message.event, { bootId, epoch: agent.epoch })]);
        fanOut(() => message);
      } else if (message.type === "revision") {
        agent = { ...agent, epoch: message.epoch, n: message.n };
      }
    },
    note(event) {
      know([knownEvent(event, { bootId: null, epoch: null })]);
      fanOut(() => ({ type: "event", event }));
    },
    learn(more, at) {
      const keys = new Set(known.map(({ key }) => key));
      know(more);
      if (known.some(({ key }) => !keys.has(key))) fanOut((scope) => snapshotOf(scope, at));
    },
    announce: (message) => fanOut(() => message),
    status: (status, at) => setAgent(answering(status, at, web)),
    lose: (text) => setAgent(lost(agent, text)),
    refuseProtocol: (text) => setAgent(otherProtocol(agent, text)),
    snapshot: (scope, at) => JSON.stringify(snapshotOf(scope, at)),
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    subscribers: () => subscribers.size,
  };
}

function rowOf({ backends: _backends, vips: _vips, ...row }: FarmLive): FarmRow {
  return row;
}
