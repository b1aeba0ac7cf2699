import { expect, test } from "vitest";
import type { BackendLive } from "../../server/core/metrics/live.ts";
import { formatClock } from "../ui/numbers.ts";
import { marksOf, measuredMark, reasonOf } from "./backend-marks.ts";

const row: BackendLive = {
  backendId: "b",
  adminState: "active",
  health: "up",
  reason: null,
  plannedPct: 50,
  programmedPct: 50,
  observed: null,
  newPerS: 0,
  active: 0,
  packetsInPerS: 0,
  packetsOutPerS: 0,
  bytesInPerS: 0,
  bytesOutPerS: 0,
  connect: null,
  lastProbeAt: null,
};
const active = { adminState: "active", weight: 50 } as const;
const at = 1_763_900_000_000;

test("a backend that works as it should has nothing to say", () => {
  expect(reasonOf(active, row)).toBe("");
  expect(reasonOf(active, { ...row, weights: { slowStart: { factor: 1, untilMs: at } } })).toBe("");
});

test("a reason says since when, once", () => {
  const down = { ...row, health: "down", reason: "connection refused", healthSince: at } as const;
  expect(reasonOf(active, down)).toBe(`connection refused, since ${formatClock(at)}`);
  expect(reasonOf(active, { ...down, reason: "refused since 14:00:01" })).toBe("refused since 14:00:01");
});

test("what its own agent asks for is said as its wish, and not as planned", () => {
  const asked = { ...row, weights: { wish: { factor: 0.4, text: "asks for 40 % of its weight" } } };
  expect(marksOf(asked)).toEqual(["agent-check: asks for 40 % of its weight"]);
  const out = { why: "window", untilMs: null, text: "asks for maintenance" } as const;
  expect(reasonOf(active, { ...row, out })).toBe("agent-check: asks for maintenance");
});

test("what is at work on its weight is said in words", () => {
  const out = { why: "ejected", untilMs: at, text: "61 % of 40 opens failed" } as const;
  const weights = {
    slowStart: { factor: 0.3, untilMs: at },
    dynamic: { factor: 0.724, text: "p95 48 ms against 12 ms", isHeld: true },
  };
  expect(marksOf({ ...row, out, weights })).toEqual([
    `ejected: 61 % of 40 opens failed, until ${formatClock(at)}`,
    `slow start: 30 % of its weight, all at ${formatClock(at)}`,
    "measured weight x 0.72, held: p95 48 ms against 12 ms",
  ]);
});

test("a measured weight is told beside the weight, not as a reason of the state", () => {
  const dynamic = { factor: 0.5, text: "p95 48 ms against 12 ms", isHeld: true };
  const measured = { ...row, weights: { dynamic } };
  expect(reasonOf(active, measured)).toBe("");
  expect(marksOf({ weights: { dynamic: { factor: 1, text: "no latency known yet", isHeld: true } } })).toEqual([
    "weight fixed: no latency known yet",
  ]);
  expect(measuredMark(measured)).toEqual({ short: "x 0.50 held", text: marksOf(measured)[0] });
  expect(measuredMark(row)).toBeNull();
});

test("a weight of zero and an untracked drain say why nothing is counted", () => {
  expect(reasonOf({ adminState: "active", weight: 0 }, row)).toBe("weight 0, no new connections");
  expect(reasonOf({ adminState: "drain", weight: 5 }, { ...row, untracked: "not tracked in this mode" })).toContain(
    "not tracked",
  );
});
