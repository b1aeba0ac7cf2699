/**
 * One event stream per browser. Every visible tab asks for a lock; who holds it leads: it opens the stream with the scopes of
 * all visible tabs and passes each message on over a channel. A tab that is hidden gives the lock back and leaves, so the
 * stream is closed when no tab is visible. Without locks (plain http on a foreign host) every visible tab has its own stream.
 * Knows nothing of React; channel, locks, stream and timer are handed in.
 */
import type { LiveFeedMessage } from "@/server/core/metrics/feed.ts";

export type TabMessage =
  | { readonly type: "want"; readonly tab: string; readonly scopes: readonly string[] }
  | { readonly type: "bye"; readonly tab: string }
  | { readonly type: "who" }
  | { readonly type: "feed"; readonly message: LiveFeedMessage };

export type FeedDeps = {
  readonly tab: string;
  readonly post: (message: TabMessage) => void;
  /** resolves never; calls back once the lock is held, and holds it until the returned promise ends */
  readonly requestLead: ((whileHeld: () => Promise<void>, signal: AbortSignal) => void) | null;
  readonly openStream: (scopes: readonly string[], onMessage: (message: LiveFeedMessage) => void) => () => void;
  readonly later: (run: () => void, delayMs: number) => () => void;
  readonly onMessage: (message: LiveFeedMessage) => void;
};

export type FeedClient = {
  readonly setScopes: (scopes: readonly string[]) => void;
  readonly setVisible: (visible: boolean) => void;
  readonly receive: (message: TabMessage) => void;
  readonly close: () => void;
};

/** Time for the other tabs to say what they want, and for a page to mount all its scopes. */
const gatherMs = 40;

export function createFeedClient(deps: FeedDeps): FeedClient {
  const wants = new Map<string, readonly string[]>();
  let scopes: readonly string[] = [];
  let isVisible = false;
  let isLeading = false;
  let giveUpLead: (() => void) | null = null;
  let closeStream: (() => void) | null = null;
  let cancelOpen: (() => void) | null = null;

  function stop(): void {
    cancelOpen?.();
    closeStream?.();
    cancelOpen = null;
    closeStream = null;
  }
  /** Also when the union stays the same: whoever asks needs a snapshot. */
  function reopen(): void {
    if (!isLeading) return;
    cancelOpen?.();
    cancelOpen = deps.later(() => {
      stop();
      const all = [...new Set([...wants.values()].flat())].sort();
      if (all.length === 0) return;
      closeStream = deps.openStream(all, (message) => {
        deps.post({ type: "feed", message });
        deps.onMessage(message);
      });
    }, gatherMs);
  }
  function lead(): Promise<void> {
    isLeading = true;
    wants.clear();
    wants.set(deps.tab, scopes);
    deps.post({ type: "who" });
    reopen();
    return new Promise((resolve) => {
      giveUpLead = resolve;
    });
  }
  function enter(): void {
    deps.post({ type: "want", tab: deps.tab, scopes });
    if (deps.requestLead === null) {
      void lead();
      return;
    }
    const waiting = new AbortController();
    giveUpLead = () => waiting.abort();
    deps.requestLead(lead, waiting.signal);
  }
  function leave(): void {
    isLeading = false;
    stop();
    giveUpLead?.();
    giveUpLead = null;
    deps.post({ type: "bye", tab: deps.tab });
  }
  return {
    setScopes(next) {
      if (next.join() === scopes.join()) return;
      scopes = next;
      if (!isVisible) return;
      deps.post({ type: "want", tab: deps.tab, scopes });
      if (!isLeading) return;
      wants.set(deps.tab, scopes);
      reopen();
    },
    setVisible(next) {
      if (next === isVisible) return;
      isVisible = next;
      if (next) enter();
      else leave();
    },
    receive(message) {
      if (message.type === "who" && isVisible) deps.post({ type: "want", tab: deps.tab, scopes });
      if (message.type === "feed" && isVisible && !isLeading) deps.onMessage(message.message);
      if (!isLeading) return;
      if (message.type === "want") {
        wants.set(message.tab, message.scopes);
        reopen();
      }
      if (message.type === "bye") wants.delete(message.tab);
    },
    close() {
      if (isVisible) leave();
      isVisible = false;
    },
  };
}
