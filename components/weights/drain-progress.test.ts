import { describe, expect, it } from "vitest";
import { formatClock } from "../../components/ui/numbers.ts";
import type { DrainLive } from "../../server/core/metrics/live.ts";
import { drainNote } from "./drain-progress.ts";

const drain: DrainLive = { sinceMs: 0, left: 1200, perS: 2, endsAtMs: 600_000, deadlineMs: null };

describe("a drain on the board", () => {
  it("says what is left, how fast it falls, and which comes first: empty or the deadline", () => {
    expect(drainNote(drain)).toBe(`1,200 left, -2.0/s, empty ~${formatClock(600_000)}`);
    expect(drainNote({ ...drain, deadlineMs: 300_000 })).toBe(`1,200 left, -2.0/s, cut at ${formatClock(300_000)}`);
    expect(drainNote({ ...drain, deadlineMs: 900_000 })).toContain("empty ~");
    expect(drainNote({ ...drain, left: 0 })).toBe("empty");
  });

  it("says what is not known as such, and gives no end while nothing falls", () => {
    expect(drainNote({ ...drain, perS: null })).toBe("1,200 left");
    expect(drainNote({ ...drain, perS: 0, endsAtMs: null })).toBe("1,200 left, none ended lately");
    expect(drainNote({ ...drain, left: null, deadlineMs: 300_000 })).toBe(
      `what is left is not known, cut at ${formatClock(300_000)}`,
    );
  });
});
