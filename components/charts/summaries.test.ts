import { describe, expect, test } from "vitest";
import { formatClock } from "@/components/ui/numbers.ts";
import type { ConnectTime, ObservedShare } from "@/server/core/metrics/live.ts";
import type { ChartData } from "./chart-data.ts";
import { shareSummary, shareVerdict, timesSummary, trafficSummary } from "./summaries.ts";

function data(...all: (number | null)[][]): ChartData {
  const atMs = (all[0] ?? []).map((_, index) => index * 1000);
  return {
    fromMs: 0,
    toMs: 0,
    stepMs: 1000,
    atMs,
    series: all.map((values, index) => ({ key: `${index}`, label: `web-${index + 1}`, mark: index, values })),
  };
}

const observed = (verdict: ObservedShare["verdict"], sharePct = 50): ObservedShare => ({
  sharePct,
  bandPct: 2,
  connections: 2400,
  sinceMs: 60_000,
  verdict,
});

const connect = (samples: number, failed = 0): ConnectTime => ({ p50Ms: 1, p95Ms: 2, p99Ms: 3, samples, failed });

function traffic(
  points: (number | null)[][],
  now: (number | null)[],
  isLost = false,
  sinceMs: number | null = null,
): string {
  const total = now.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);
  return trafficSummary({
    data: data(...points),
    now: total,
    nowValues: new Map(now.map((value, index) => [`${index}`, value])),
    unit: "new connections",
    range: "5 minutes",
    sinceMs,
    isLost,
    format: String,
  });
}

describe("the sentence under a chart", () => {
  test("says where traffic stands against its mean and who has most", () => {
    expect(
      traffic(
        [
          [10, 30],
          [10, 10],
        ],
        [30, 10],
      ),
    ).toBe("Now 33 % over the mean of 30.0 over 5 minutes. Most at web-1, 30.");
  });

  test("speaks of the value the head shows, not of the last point", () => {
    expect(
      traffic(
        [
          [10, 10],
          [10, 10],
        ],
        [10, 30],
      ),
    ).toBe("Now 100 % over the mean of 20.0 over 5 minutes. Most at web-2, 30.");
    expect(traffic([[0], [0]], [4, 0])).toContain("Most at web-1, 4.");
  });

  test("names nobody as most when all have nothing", () => {
    expect(
      traffic(
        [
          [10, 0],
          [10, 0],
        ],
        [0, 0],
      ),
    ).toBe("Now 100 % under the mean of 10.0 over 5 minutes.");
  });

  test("claims no mean over a time without samples", () => {
    expect(traffic([[10, 10]], [10], false, 20_000)).toMatch(/^Now at the mean of 10\.0 since \d\d:\d\d:20\.$/);
    expect(traffic([[0, 0]], [0], false, 20_000)).toMatch(/^No new connections since \d\d:\d\d:20\.$/);
  });

  test("claims no present when the values are old", () => {
    expect(traffic([[10, 10]], [10], true)).toMatch(/^Last known at the mean/);
  });

  test("tells nothing known from no traffic", () => {
    expect(traffic([[null]], [null])).toMatch(/^Nothing is known/);
    expect(traffic([[0, 0]], [0])).toBe("No new connections in the last 5 minutes.");
    expect(traffic([[8, 8]], [null])).toBe("Not known now; the mean is 8.0 over 5 minutes.");
  });

  test("says few samples and failed probes", () => {
    expect(timesSummary("probe", connect(12, 3), data())).toBe(
      "Few samples: 12 in the last 60 s, percentiles are weak. 3 probes failed.",
    );
    expect(timesSummary("probe", connect(0), data())).toBe("No probe answered in the last 60 s.");
    expect(timesSummary("traffic", connect(60, 2), data())).toBe(
      "60 connections in the last 60 s. 2 connections failed.",
    );
    expect(timesSummary("traffic", null, data())).toBe("No client opened a connection in the last 60 s.");
  });

  test("does not warn before there are enough connections", () => {
    const rows = [{ name: "web-1", plannedPct: 66.7, observed: observed("few", 10) }];
    expect(shareSummary(rows)).toMatch(/^Not enough yet/);
    expect(shareVerdict(rows).word).toBe("not enough yet");
  });

  test("names who is out of band", () => {
    const rows = [
      { name: "web-1", plannedPct: 66.7, observed: observed("out-of-band", 80) },
      { name: "web-2", plannedPct: 33.3, observed: observed("in-band", 33) },
    ];
    expect(shareSummary(rows)).toContain("Out of band: web-1 80.0 % of planned 66.7 %");
    expect(shareVerdict(rows)).toEqual({ word: "out of band", detail: "1 of 2" });
  });
});

test("a farm younger than the range says since when it is known, not the whole range", () => {
  const young = traffic([[null, null, null, 20, 20]], [20]);
  expect(young).toContain(`since ${formatClock(3000)}`);
  expect(young).not.toContain("5 minutes");
  expect(traffic([[null, 20, 20, 20]], [20])).toContain("over 5 minutes");
});
