/** The one hub of this process, its open browser streams, and how both are started and ended. Kept on globalThis: routes and instrumentation are bundled apart. */
import type { AgentLink } from "../agent-link/agent-link.ts";
import { webProcess } from "../platform/web-process.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { follow } from "./follow.ts";
import { createHub, type Hub } from "./hub.ts";
import type { Scope } from "./scope.ts";
import { eventStream } from "./sse.ts";

type Live = { readonly hub: Hub; readonly closers: Set<() => void>; readonly end: AbortController; isStarted: boolean };

const slot = globalThis as unknown as { sluiceLive?: Live };
const streamsMax = 500;

/** Idempotent: follows the agent until `endLive`. */
export function startLive(
  link: AgentLink,
  { onMessage, onLost }: { onMessage: (message: StreamMessage) => void; onLost: (text: string) => void },
): void {
  const live = get();
  if (live.isStarted) return;
  live.isStarted = true;
  void follow({ link, hub: live.hub, nowMs: Date.now, after, onMessage, onLost }, live.end.signal);
}

export function liveHub(): Hub {
  return get().hub;
}

/** null when there are too many streams already. */
export function openStream(scope: Scope, mayListen: () => Promise<boolean>): ReadableStream<Uint8Array> | null {
  const { hub, closers, end } = get();
  if (closers.size >= streamsMax || end.signal.aborted) return null;
  const register = (close: () => void) => {
    closers.add(close);
    return () => closers.delete(close);
  };
  return eventStream({ hub, scope, nowMs: Date.now, after, mayListen, register });
}

/** Closes every stream: an open one would keep the server alive for as long as a browser looks. */
export function endLive(): void {
  const { closers, end } = get();
  end.abort();
  for (const close of [...closers]) close();
}

function get(): Live {
  slot.sluiceLive ??= {
    hub: createHub(webProcess()),
    closers: new Set(),
    end: new AbortController(),
    isStarted: false,
  };
  return slot.sluiceLive;
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
