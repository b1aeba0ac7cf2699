import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { CheckLog } from "./check-log.tsx";
import { Heartbeat } from "./heartbeat.tsx";
import { WeightHistory } from "./weight-history.tsx";

const absent = "Not known now";

it("what could not be read of a backend is not said to be nothing", () => {
  const log = renderToStaticMarkup(createElement(CheckLog, { checks: [], absent, fileName: "x" }));
  const beats = renderToStaticMarkup(createElement(Heartbeat, { beats: [], absent, nowMs: 7_200_000, fileName: "x" }));
  const weights = renderToStaticMarkup(createElement(WeightHistory, { weights: [], absent }));
  for (const text of [log, beats, weights]) {
    expect(text).toContain(absent);
    expect(text).not.toMatch(/No checks? (was|in)|no checks|has not changed/);
  }
});
