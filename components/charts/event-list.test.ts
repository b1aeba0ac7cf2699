import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ChartClockProvider } from "./chart-clock.tsx";
import { EventList } from "./event-list.tsx";
import type { EventMark } from "./event-marks.ts";

const mark = (at: number): EventMark => ({
  key: `${at}`,
  atMs: at,
  glyph: "change",
  text: `thing ${at}`,
  revision: null,
});

function drawn(marks: readonly EventMark[]): string {
  const list = createElement(EventList, {
    withDate: false,
    farmId: "a",
    marks,
    gaps: [{ fromMs: 25, toMs: 30, text: "no samples" }],
  });
  return renderToStaticMarkup(createElement(ChartClockProvider, null, list));
}

test("many events take one line above the charts: the newest, and a button for the others", () => {
  const html = drawn([10, 20, 30, 40, 50].map(mark));
  expect(html.match(/<li/g)).toHaveLength(3);
  expect(html).toMatch(/thing 50.*thing 40/);
  expect(html).not.toContain("thing 30");
  expect(html).toMatch(/<button[^>]*aria-expanded="false"[^>]*>3 more/);
});

test("why charts begin empty is never folded away, however many events came after", () => {
  expect(drawn([40, 50, 60, 70].map(mark))).toMatch(/thing 70.*thing 60.*no samples.*2 more/);
});

test("few events need no button, and a gap says its reason", () => {
  const html = drawn([mark(10)]);
  expect(html).toContain("no samples");
  expect(html).not.toContain("aria-expanded");
});
