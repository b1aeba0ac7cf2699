import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addTo, emptyBuckets, mergeBuckets, percentilesUs } from "./buckets.ts";
import { addLatency, bucketsIn, connectTime, emptyRollingLatency, expireLatency } from "./rolling-latency.ts";

const probes = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 5000 }),
    us: fc.option(fc.integer({ min: 1, max: 10_000_000 }), { nil: null }),
  }),
  { maxLength: 300 },
);

describe("rolling latency", () => {
  test("always equals the buckets of exactly the samples of the last 60 s", () => {
    fc.assert(
      fc.property(probes, fc.integer({ min: 0, max: 90_000 }), (list, tailMs) => {
        const rolling = emptyRollingLatency();
        let nowMs = 0;
        const all: { at: number; us: number | null }[] = [];
        for (const { waitMs, us } of list) {
          nowMs += waitMs;
          addLatency(rolling, nowMs, us);
          all.push({ at: nowMs, us });
        }
        nowMs += tailMs;
        expireLatency(rolling, nowMs);
        const kept = all.filter(({ at }) => at > nowMs - 60_000);
        const expected = emptyBuckets();
        for (const { us } of kept) if (us !== null) addTo(expected, us);
        expect(bucketsIn(rolling)).toEqual(expected);
        expect(rolling.failed).toBe(kept.filter(({ us }) => us === null).length);
      }),
    );
  });

  test("holds at most samplesMax samples and drops the oldest first", () => {
    const rolling = emptyRollingLatency(60_000, 100);
    for (let index = 0; index < 250; index++) addLatency(rolling, index, index < 150 ? 1000 : 2_000_000);
    expect(rolling.length).toBe(100);
    expect(connectTime([rolling], 250)?.p50Ms).toBeGreaterThan(1900);
  });

  test("a farm's percentiles come from the merged samples, not from an average of percentiles", () => {
    const fast = emptyRollingLatency();
    const slow = emptyRollingLatency();
    for (let index = 0; index < 98; index++) addLatency(fast, index, 1000);
    for (let index = 0; index < 2; index++) addLatency(slow, index, 1_000_000);
    const merged = connectTime([fast, slow], 100);
    expect(merged?.p50Ms).toBeCloseTo(1, 1);
    expect(merged?.p95Ms).toBeCloseTo(1, 1);
    expect(merged?.p99Ms).toBeGreaterThan(900);
    expect(merged?.samples).toBe(100);
  });

  test("percentiles are those of the merged buckets, whatever was asked before", () => {
    fc.assert(
      fc.property(fc.array(probes, { minLength: 1, maxLength: 4 }), (lists) => {
        const rollings = lists.map((list) => {
          const rolling = emptyRollingLatency();
          for (const { us } of list) addLatency(rolling, 0, us);
          return rolling;
        });
        const expected = percentilesUs(mergeBuckets(rollings.map(bucketsIn)), [50, 95, 99]);
        const { p50Ms = null, p95Ms = null, p99Ms = null } = connectTime(rollings, 0) ?? {};
        expect([p50Ms, p95Ms, p99Ms]).toEqual(expected.map((us) => (us === null ? null : us / 1000)));
      }),
    );
  });

  test("a failed probe is a count and never a latency", () => {
    const rolling = emptyRollingLatency();
    addLatency(rolling, 1, null);
    expect(connectTime([rolling], 2)).toEqual({ p50Ms: null, p95Ms: null, p99Ms: null, samples: 0, failed: 1 });
  });

  test("nothing measured in the window is null", () => {
    const rolling = emptyRollingLatency();
    addLatency(rolling, 0, 1000);
    expect(connectTime([rolling], 60_000)).toBeNull();
  });
});
