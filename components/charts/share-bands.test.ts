import { expect, test } from "vitest";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import type { EventMark } from "./event-marks.ts";
import { shareBands } from "./share-bands.ts";

const stepMs = 5000;
const backends = [
  { id: "a", name: "web-1" },
  { id: "b", name: "web-2" },
];

function seriesOf(first: readonly (number | null)[]): FarmSeries {
  const unknown = first.map(() => null);
  const one = (backendId: string, plannedPct: readonly (number | null)[]) => {
    return { backendId, newPerS: unknown, active: unknown, observedPct: unknown, plannedPct };
  };
  return {
    farmId: "farm",
    fromMs: 0,
    toMs: first.length * stepMs,
    stepMs,
    atMs: first.map((_, index) => index * stepMs),
    connect: { p50Ms: unknown, p95Ms: unknown, p99Ms: unknown },
    traffic: { p50Ms: unknown, p95Ms: unknown, p99Ms: unknown },
    backends: [
      one("a", first),
      one(
        "b",
        first.map((value) => (value === null ? null : 100 - value)),
      ),
    ],
    retention: { secondsS: 900, minutesS: 21_600 },
  };
}

const mark = (atMs: number, revision: number | null): EventMark => {
  return { key: `${atMs}`, atMs, glyph: revision === null ? "other" : "change", text: "", revision };
};

/** "-" where no band is drawn */
function drawn(series: FarmSeries, marks: readonly EventMark[] = []): string[] {
  return shareBands(series, backends, [2, 0], marks).map(({ values }) =>
    values
      .map((edges) => (edges === null ? "-" : edges.map((edge) => Math.round(edge * 1000) / 1000).join("...")))
      .join(" "),
  );
}

test("without a change in the range the band stands over all of it, at least as high as a line", () => {
  expect(drawn(seriesOf([60, 60]))).toEqual(["58...62 58...62", "39.7...40.3 39.7...40.3"]);
});

test("the band begins at the last change of the farm, in the bin that holds it, even when the plan is the same", () => {
  expect(drawn(seriesOf([50, 50, 50, 50]), [mark(2000, 7), mark(12_000, 8)])[0]).toBe("- - 48...52 48...52");
  expect(drawn(seriesOf([50, 50]), [mark(11_000, 9)])[0], "nothing was sampled since").toBe("- -");
  expect(drawn(seriesOf([50, 50]), [mark(7000, null)])[0], "what is no change of the farm").toBe("48...52 48...52");
});

test("an older plan has no band when health changed it without a revision; what is not known ends nothing", () => {
  expect(drawn(seriesOf([50, 66.7, null, 50, null, 50.001]))).toEqual([
    "- - - 48...52 - 48.001...52.001",
    "- - - 49.7...50.3 - 49.699...50.299",
  ]);
});

test("the plan at the edges stays between 0 and 100", () => {
  expect(drawn(seriesOf([100]))).toEqual(["98...100", "0...0.3"]);
  expect(drawn(seriesOf([null]))).toEqual(["-", "-"]);
});
