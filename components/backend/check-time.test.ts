import { expect, test } from "vitest";
import type { CheckEntry } from "../../server/core/metrics/backend-monitor.ts";
import { checkTimeData, checkTimeSummary } from "./check-time.ts";

const start = 1_763_900_000_000;
const entry = (at: number, more: Partial<CheckEntry> = {}): CheckEntry => ({
  at: start + at,
  ok: true,
  degraded: false,
  tookMs: 2,
  error: null,
  text: "",
  ...more,
});

test("every two seconds with jitter leaves no gap, failed checks do", () => {
  const checks = Array.from({ length: 200 }, (_, n) => entry(n * 2000 + (n % 3) * 200));
  const data = checkTimeData(checks, "web-1", 3);
  expect(data.atMs.length).toBeLessThanOrEqual(120);
  expect(data.series[0]?.values.every((value) => value === 2)).toBe(true);
  const broken = checks.map((each, n) => (n > 100 && n < 150 ? { ...each, ok: false, error: "refused" } : each));
  expect(checkTimeData(broken, "web-1", 3).series[0]?.values).toContain(null);
  expect(checkTimeSummary(broken)).toMatch(/^200 checks since .*, slowest 2.0 ms. 49 failed: gaps.$/);
});

test("a bin shows its slowest check; none at all is an empty picture", () => {
  const data = checkTimeData([entry(0, { tookMs: 1 }), entry(100, { tookMs: 9 }), entry(200)], "web-1", 0);
  expect(Math.max(...(data.series[0]?.values ?? []).map(Number))).toBe(9);
  expect(checkTimeData([], "web-1", 0).atMs).toEqual([]);
  expect(checkTimeSummary([])).toBe("No check was made yet.");
});
