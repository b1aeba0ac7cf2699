import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { sampleFarm } from "@/server/core/change/sample.testing.ts";
import { monitorFarm } from "./monitor-brief.ts";
import { groupsOf, itemsOf } from "./monitor-model.ts";
import { MonitorTable } from "./monitor-table.tsx";

/** What scrolls smoothly is what is small: the browser lays out a screenful, however many there are. */
test("of 500 backends only the lines in view are in the page, and a reader hears of all", () => {
  const farms = Array.from({ length: 50 }, (_, at) => {
    return monitorFarm({
      farm: sampleFarm(
        at + 1,
        Array.from({ length: 10 }, () => ({})),
      ),
      version: 1,
    });
  });
  const props = {
    groups: groupsOf(itemsOf(farms, null)),
    folded: new Set<never>(),
    onFold: () => undefined,
    isLost: false,
    isComfortable: false,
    nowS: 0,
    ticks: { ticked: new Set<string>(), onTick: () => undefined },
  };
  const html = renderToStaticMarkup(createElement(MonitorTable, props));
  expect(html.match(/data-line=/g)?.length ?? 0).toBeGreaterThan(10);
  expect(html.match(/data-line=/g)?.length ?? 0).toBeLessThan(60);
  // a head for the group, one for the table
  expect(html).toContain('aria-rowcount="502"');
});
