import { describe, expect, test } from "vitest";
import { type EventQuery, eventsHref, parseEventQuery } from "./event-query.ts";

const back = (href: string) => parseEventQuery(Object.fromEntries(new URL(href, "http://x").searchParams));

describe("the address of the events", () => {
  test("says the whole query and is read back as it was", () => {
    const query: EventQuery = {
      text: "web-2 is down & out",
      kind: "drift",
      farmId: "5a6b7c10-0000-4000-8000-000000000002",
      by: "Ann & Bob",
      fromMs: 1_700_000_000_000,
      toMs: 1_700_000_100_000,
      before: "42",
    };
    expect(back(eventsHref("/events", query))).toEqual(query);
    expect(back(eventsHref("/events", { by: null }))).toEqual({ by: null });
    expect(eventsHref("/events", {})).toBe("/events");
  });

  test("leaves out what cannot be read", () => {
    expect(parseEventQuery({ kind: "nonsense", farm: "x", from: "soon", before: "-1", by: ["a", "b"] })).toEqual({});
  });
});
