/**
 * One browser's event stream. Its buffer is bounded: a reader that falls behind loses ticks, and gets a whole snapshot as soon as
 * it reads again, so that nothing it shows is half old. Whether the reader may still listen is asked again while the stream lives.
 */
import type { Hub } from "./hub.ts";
import type { Scope } from "./scope.ts";

export type SseDeps = {
  readonly hub: Hub;
  readonly scope: Scope;
  readonly nowMs: () => number;
  /** calls back once after that time; answers how to forget it */
  readonly after: (ms: number, call: () => void) => () => void;
  /** false ends the stream: signed out, removed, or another role */
  readonly mayListen: () => Promise<boolean>;
  /** called with the way to close the stream; answers how to forget it */
  readonly register: (close: () => void) => () => void;
};

const recheckMs = 10_000;
export const bufferBytesMax = 512 * 1024;

export function eventStream(deps: SseDeps): ReadableStream<Uint8Array> {
  let stop = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = open(deps, controller);
      },
      cancel() {
        stop();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferBytesMax }),
  );
}

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  // no-transform: a gzip in between would hold events back
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

function open(deps: SseDeps, controller: ReadableStreamDefaultController<Uint8Array>): () => void {
  const encoder = new TextEncoder();
  let isBehind = false;
  let isOpen = true;

  function write(text: string): void {
    if (!isOpen) return;
    if ((controller.desiredSize ?? 0) <= 0) {
      isBehind = true;
      return;
    }
    const data = isBehind ? deps.hub.snapshot(deps.scope, deps.nowMs()) : text;
    isBehind = false;
    controller.enqueue(encoder.encode(`data: ${data}\n\n`));
  }

  function stop(): void {
    isOpen = false;
    unsubscribe();
    forgetCheck();
    unregister();
  }

  function close(): void {
    if (!isOpen) return;
    stop();
    controller.close();
  }

  async function recheck(): Promise<void> {
    const may = await deps.mayListen();
    if (!isOpen) return;
    if (!may) return close();
    // a comment: finds out that the reader is gone although nothing happens
    if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(":\n\n"));
    forgetCheck = deps.after(recheckMs, recheck);
  }

  const unsubscribe = deps.hub.subscribe({ scope: deps.scope, deliver: write });
  let forgetCheck = deps.after(recheckMs, recheck);
  const unregister = deps.register(close);
  write(deps.hub.snapshot(deps.scope, deps.nowMs()));
  return stop;
}
