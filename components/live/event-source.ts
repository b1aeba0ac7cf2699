/** The browser's event stream of /api/live, kept open: the platform reconnects by itself, and we do when it gave up. */
import type { LiveFeedMessage } from "@/server/core/metrics/feed.ts";

const retryMs = 2000;
const types: readonly string[] = ["snapshot", "tick", "event", "revision", "agent"] satisfies LiveFeedMessage["type"][];

/** `onRefused`: the server answered, but not with a stream; most likely the session has ended. */
export function openEventSource(
  scopes: readonly string[],
  onMessage: (message: LiveFeedMessage) => void,
  onRefused: () => void,
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function open(): void {
    source = new EventSource(`/api/live?scope=${encodeURIComponent(scopes.join(","))}`);
    source.onmessage = (event: MessageEvent<string>) => {
      const message = parseMessage(event.data);
      if (message !== null) onMessage(message);
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      onRefused();
      timer = setTimeout(open, retryMs);
    };
  }
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Same product and version on both sides: the envelope is checked, the rows are trusted. */
function parseMessage(text: string): LiveFeedMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("type" in value)) return null;
    return types.includes(String(value.type)) ? (value as LiveFeedMessage) : null;
  } catch {
    return null;
  }
}
