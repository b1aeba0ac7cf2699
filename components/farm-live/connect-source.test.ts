import { expect, test } from "vitest";
import { shownTime } from "./connect-source.ts";

const time = (p95Ms: number | null, more = {}) => ({
  p50Ms: p95Ms,
  p95Ms,
  p99Ms: p95Ms,
  samples: 40,
  failed: 0,
  ...more,
});

test("real traffic is shown where it was measured, and said to be", () => {
  expect(shownTime({ connect: time(0.4), traffic: time(0.05) })).toEqual({
    p95Ms: 0.05,
    source: "traffic",
    text: "from real traffic: p95 0.05 ms, 40 opens in a minute; probe: 0.40 ms",
  });
});

test("without real traffic it is the probe's time, and without either nothing", () => {
  expect(shownTime({ connect: time(0.4) })).toEqual({ p95Ms: 0.4, source: "probe", text: "probe: 0.40 ms" });
  expect(shownTime({ connect: time(0.4), traffic: time(null, { samples: 0, failed: 3 }) }).source).toBe("probe");
  expect(shownTime({ connect: null })).toEqual({ p95Ms: null, source: null, text: "" });
});

test("failed opens and sampling stand beside the time", () => {
  expect(shownTime({ connect: null, traffic: time(2, { samples: 1, oneIn: 4 }) }).text).toBe(
    "from real traffic: p95 2.0 ms, 1 open in a minute, one of 4 measured",
  );
  expect(shownTime({ connect: null, traffic: time(2, { failed: 1200 }) }).text).toContain(
    "1,240 opens in a minute, 1,200 failed",
  );
});
