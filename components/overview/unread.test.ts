import { expect, test } from "vitest";
import type { LiveEvent } from "@/server/core/metrics/live.ts";
import { eventKey, isUnread } from "./unread.ts";

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
