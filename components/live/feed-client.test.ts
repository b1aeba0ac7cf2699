import { describe, expect, test } from "vitest";
import type { LiveFeedMessage } from "@/server/core/metrics/feed.ts";
import type { FeedClient, TabMessage } from "./feed-client.ts";
import { createFeedClient } from "./feed-client.ts";

type Stream = { readonly scopes: readonly string[]; isOpen: boolean; send: (message: LiveFeedMessage) => void };

/** Tabs of one browser: a shared lock queue, a shared channel and one stream log; timers run when they are told to. */
function browser({ hasLocks = true } = {}) {
  const streams: Stream[] = [];
  const tabs = new Map<string, { client: FeedClient; got: LiveFeedMessage[] }>();
  const queue: { whileHeld: () => Promise<void>; signal: AbortSignal }[] = [];
  let isHeld = false;
  let timers: (() => void)[] = [];

  function grant(): void {
    const next = isHeld ? undefined : queue.shift();
    if (next === undefined) return;
    if (next.signal.aborted) {
      grant();
      return;
    }
    isHeld = true;
    void next.whileHeld().then(() => {
      isHeld = false;
      grant();
    });
  }
  function openTab(tab: string): FeedClient {
    const got: LiveFeedMessage[] = [];
    const client = createFeedClient({
      tab,
      post: (message: TabMessage) => {
        for (const [name, other] of tabs) if (name !== tab) other.client.receive(message);
      },
      requestLead: hasLocks
        ? (whileHeld, signal) => {
            queue.push({ whileHeld, signal });
            grant();
          }
        : null,
      openStream: (scopes, onMessage) => {
        const stream: Stream = { scopes, isOpen: true, send: onMessage };
        streams.push(stream);
        return () => {
          stream.isOpen = false;
        };
      },
      later: (run) => {
        timers.push(run);
        return () => {
          timers = timers.filter((each) => each !== run);
        };
      },
      onMessage: (message) => got.push(message),
    });
    tabs.set(tab, { client, got });
    return client;
  }
  return {
    openTab,
    got: (tab: string) => tabs.get(tab)?.got ?? [],
    open: () => streams.filter((stream) => stream.isOpen),
    /** lets promises and timers run out */
    async settle() {
      for (let round = 0; round < 5; round++) {
        await Promise.resolve();
        const due = timers;
        timers = [];
        for (const run of due) run();
      }
    },
  };
}

const revision: LiveFeedMessage = { type: "revision", epoch: 1, n: 2, farmIds: [] };

function show(client: FeedClient, ...scopes: string[]): void {
  client.setScopes(scopes);
  client.setVisible(true);
}

describe("one event stream per browser", () => {
  test("eight visible tabs share one stream with all their scopes", async () => {
    const all = browser();
    for (let n = 0; n < 8; n++) show(all.openTab(`t${n}`), "overview", `farm:${n}`);
    await all.settle();
    expect(all.open()).toHaveLength(1);
    expect(all.open()[0]?.scopes).toHaveLength(9);
  });

  test("what the leader receives reaches every visible tab once", async () => {
    const all = browser();
    show(all.openTab("a"), "overview");
    show(all.openTab("b"), "overview");
    await all.settle();
    all.open()[0]?.send(revision);
    expect(all.got("a")).toEqual([revision]);
    expect(all.got("b")).toEqual([revision]);
  });

  test("when the leading tab is hidden another visible one takes over", async () => {
    const all = browser();
    const first = all.openTab("a");
    show(first, "overview");
    show(all.openTab("b"), "farm:1");
    await all.settle();
    first.setVisible(false);
    await all.settle();
    expect(all.open()).toHaveLength(1);
    expect(all.open()[0]?.scopes).toEqual(["farm:1"]);
  });

  test("with no visible tab no stream is open", async () => {
    const all = browser();
    const client = all.openTab("a");
    show(client, "overview");
    await all.settle();
    client.setVisible(false);
    await all.settle();
    expect(all.open()).toEqual([]);
  });

  test("a tab hidden before it got the lock leaves the queue", async () => {
    const all = browser();
    show(all.openTab("a"), "overview");
    const second = all.openTab("b");
    show(second, "farm:1");
    second.setVisible(false);
    await all.settle();
    expect(all.open()[0]?.scopes).toEqual(["overview"]);
  });

  test("a page that wants another scope gets a new stream with a snapshot", async () => {
    const all = browser();
    const client = all.openTab("a");
    show(client, "overview");
    await all.settle();
    client.setScopes(["farm:1", "overview"]);
    await all.settle();
    expect(all.open()).toHaveLength(1);
    expect(all.open()[0]?.scopes).toEqual(["farm:1", "overview"]);
  });

  test("without locks each visible tab has its own", async () => {
    const all = browser({ hasLocks: false });
    show(all.openTab("a"), "overview");
    show(all.openTab("b"), "overview");
    await all.settle();
    expect(all.open()).toHaveLength(2);
  });
});
