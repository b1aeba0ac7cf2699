import { describe, expect, test } from "vitest";
import type { LiveEvent } from "@/server/core/metrics/live.ts";
import { createReread, eventKey, isUnread } from "./unread.ts";

const event = (seq: number, at: number): LiveEvent => {
  return { seq, at, kind: "agent", farmId: null, backendId: null, text: "", revision: null };
};

test("right after the start the page was read before the first event was written down: it is read again", () => {
  expect(isUnread(event(1, 500), null, null)).toBe(true);
  expect(isUnread(event(2, 500), null, 400)).toBe(true);
});

test("the feed's first answer brings nothing new to a page that shows it already", () => {
  expect(isUnread(undefined, null, null)).toBe(false);
  expect(isUnread(event(1, 500), null, 500)).toBe(false);
  expect(isUnread(event(1, 500), null, 600), "signing in is an event of the log alone").toBe(false);
});

test("each later event is new once, also within the same millisecond", () => {
  const seen = eventKey(event(1, 500));
  expect(isUnread(event(2, 500), seen, 500)).toBe(true);
  expect(isUnread(event(1, 500), seen, null)).toBe(false);
});

describe("reading again", () => {
  function made(isMissing: () => boolean) {
    const planned: { ms: number; task: () => void }[] = [];
    let reads = 0;
    const arrived = createReread({
      reread: () => void reads++,
      isMissing,
      plan: (ms, task) => void planned.splice(0, 1, { ms, task }),
    });
    const pass = () => planned.splice(0, 1)[0]?.task();
    return { arrived, pass, planned, reads: () => reads };
  }

  test("goes on while what happened is not written down yet, later and later, and ends", () => {
    const { arrived, pass, planned, reads } = made(() => true);
    arrived();
    for (let at = 0; at < 10; at++) pass();
    expect([reads(), planned]).toEqual([4, []]);
  });

  test("ends with the first time that the page shows it", () => {
    let isMissing = true;
    const { arrived, pass, planned, reads } = made(() => isMissing);
    arrived();
    pass();
    isMissing = false;
    pass();
    expect([reads(), planned]).toEqual([1, []]);
  });

  test("is not put off by events that go on coming", () => {
    const { arrived, pass, planned, reads } = made(() => false);
    arrived();
    const [first] = planned;
    arrived();
    expect(planned).toEqual([first]);
    pass();
    arrived();
    expect(planned[0]?.ms).toBe(first?.ms);
    expect(reads()).toBe(1);
  });
});
