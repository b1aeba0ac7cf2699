import { describe, expect, it } from "vitest";
import { fail, ok, type Result } from "../core/result.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { follow, silenceMs } from "./follow.ts";
import { createHub } from "./hub.ts";
import { hello, tick } from "./sample.testing.ts";

type Stream = {
  readonly say: (message: StreamMessage) => void;
  readonly end: (result: Result<null>) => void;
  readonly signal: AbortSignal;
};

/** Timers that fire when they are told to, and streams that are driven by hand. */
function world() {
  const timers: { ms: number; call: () => void; isOver: boolean }[] = [];
  const streams: Stream[] = [];
  const waiting: (() => void)[] = [];
  const hub = createHub({ pid: 1, uid: 1, capabilities: null });
  const heard: StreamMessage[] = [];
  const losses: string[] = [];
  const deps = {
    hub,
    nowMs: () => 7,
    after(ms: number, call: () => void) {
      const timer = { ms, call, isOver: false };
      timers.push(timer);
      return () => {
        timer.isOver = true;
      };
    },
    onMessage: (message: StreamMessage) => heard.push(message),
    onLost: (text: string) => losses.push(text),
    link: {
      status: async () => fail("agent-down", "gone"),
      stream: (say: (message: StreamMessage) => void, signal: AbortSignal) =>
        new Promise<Result<null>>((resolve) => {
          streams.push({ say, end: resolve, signal });
          signal.addEventListener("abort", () => resolve(ok(null)));
          for (const go of waiting.splice(0)) go();
        }),
    },
  };
  const nextStream = async (index: number): Promise<Stream> => {
    while (streams.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
    return streams[index] as Stream;
  };
  const fire = (ms: number) => {
    for (const timer of timers.filter((each) => each.ms === ms && !each.isOver)) {
      timer.isOver = true;
      timer.call();
    }
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { hub, heard, losses, deps, nextStream, fire, settle, timers };
}

describe("following the agent", () => {
  it("two seconds without a word are a loss, and the stream is opened again", async () => {
    const { hub, losses, deps, nextStream, fire, settle } = world();
    const end = new AbortController();
    const followed = follow(deps, end.signal);
    const first = await nextStream(0);
    first.say(hello([]));
    expect(hub.agent().state).toBe("answering");
    fire(silenceMs);
    await settle();
    expect([hub.agent().state, hub.agent().text, first.signal.aborted]).toEqual([
      "lost",
      "The agent went silent",
      true,
    ]);
    expect(losses).toEqual(["The agent went silent"]);
    fire(100);
    (await nextStream(1)).say(hello([]));
    expect(hub.agent().state).toBe("answering");
    end.abort();
    await followed;
  });

  it("a stream that ends is told with its reason, and waits grow to a second and no further", async () => {
    const { hub, losses, deps, nextStream, fire, settle, timers } = world();
    const end = new AbortController();
    const followed = follow(deps, end.signal);
    const waits: number[] = [];
    for (let index = 0; index < 7; index++) {
      (await nextStream(index)).end(fail("agent-down", "No such socket"));
      await settle();
      const wait = timers.filter((timer) => !timer.isOver).at(-1)?.ms ?? 0;
      waits.push(wait);
      fire(wait);
    }
    expect(waits).toEqual([250, 500, 1000, 1000, 1000, 1000, 1000]);
    expect([hub.agent().text, losses]).toEqual(["No such socket", []]);
    end.abort();
    await followed;
  });

  it("an agent of another protocol is named as such, and none of its rows are taken", async () => {
    const { hub, heard, deps, nextStream, settle } = world();
    const end = new AbortController();
    const followed = follow(deps, end.signal);
    const stream = await nextStream(0);
    stream.say(hello([], 99));
    stream.say(tick([]));
    await settle();
    expect([hub.agent().state, heard.length]).toEqual(["other-protocol", 0]);
    expect(hub.agent().text).toMatch(/protocol 99/);
    end.abort();
    await followed;
  });
});
