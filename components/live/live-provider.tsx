"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { toasts } from "@/components/ui/toast-store.ts";
import type { LiveFeedMessage } from "@/server/core/metrics/feed.ts";
import { openEventSource } from "./event-source.ts";
import type { FeedClient, TabMessage } from "./feed-client.ts";
import { createFeedClient } from "./feed-client.ts";
import type { LiveStore } from "./live-store.ts";
import { createLiveStore } from "./live-store.ts";
import type { ScopeCounter } from "./scope-counter.ts";
import { createScopeCounter } from "./scope-counter.ts";

type Live = { readonly store: LiveStore; readonly scopes: ScopeCounter };

const LiveContext = createContext<Live | null>(null);

/** Holds the query cache and this tab's place in the browser's one stream. Mount it once, around everything that is signed in. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } }),
  );
  const [store] = useState(() => createLiveStore(queries, () => Date.now()));
  const [scopes] = useState(createScopeCounter);
  const router = useRouter();

  useEffect(() => {
    let refreshTimer: ReturnType<typeof setTimeout> | undefined;
    const refreshSoon = () => {
      clearTimeout(refreshTimer);
      refreshTimer = setTimeout(() => router.refresh(), 120);
    };
    const stop = startFeed(
      scopes,
      (message) => {
        store.receive(message);
        if (message.type !== "revision") return;
        for (const farmId of message.farmIds) toasts.outdate({ farmId, epoch: message.epoch, n: message.n });
        refreshSoon();
      },
      () => void refreshIfServerAnswers(refreshSoon),
    );
    const clock = setInterval(store.tickClock, 1000);
    return () => {
      clearTimeout(refreshTimer);
      clearInterval(clock);
      stop();
    };
  }, [router, scopes, store]);

  const live = useMemo(() => ({ store, scopes }), [store, scopes]);
  return (
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>{children}</LiveContext>
    </QueryClientProvider>
  );
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("live hooks need a LiveProvider above them");
  return live;
}

function startFeed(
  scopes: ScopeCounter,
  onMessage: (message: LiveFeedMessage) => void,
  onRefused: () => void,
): () => void {
  const channel = new BroadcastChannel("sluice-live");
  const locks = navigator.locks as LockManager | undefined;
  const client: FeedClient = createFeedClient({
    tab: `${Math.random()}`,
    post: (message) => channel.postMessage(message),
    requestLead:
      locks === undefined
        ? null
        : (whileHeld, signal) => {
            // an aborted wait rejects; that is how a hidden tab leaves the queue
            locks.request("sluice-live", { signal }, whileHeld).catch(() => undefined);
          },
    openStream: (all, onEach) => openEventSource(all, onEach, onRefused),
    later: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    onMessage,
  });
  channel.onmessage = (event: MessageEvent<TabMessage>) => client.receive(event.data);
  const onVisibility = () => client.setVisible(document.visibilityState === "visible");
  const onPageHide = () => client.setVisible(false);
  const stopScopes = scopes.subscribe(() => client.setScopes(scopes.read()));
  client.setScopes(scopes.read());
  onVisibility();
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("pagehide", onPageHide);
  window.addEventListener("pageshow", onVisibility);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    window.removeEventListener("pagehide", onPageHide);
    window.removeEventListener("pageshow", onVisibility);
    stopScopes();
    client.close();
    channel.close();
  };
}

/** A refresh while the server is down would replace the page by the browser's error page; the last values are worth more. */
async function refreshIfServerAnswers(refresh: () => void): Promise<void> {
  const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) refresh();
}
