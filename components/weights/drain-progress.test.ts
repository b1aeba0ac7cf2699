import { describe, expect, it } from "vitest";
import type { BackendLive, FarmLive } from "../../server/core/metrics/live.ts";
import { addReadings, type DrainReadings, emptied, progressOf } from "./drain-progress.ts";

const reading = (atS: number, active: number, adminState: BackendLive["adminState"] = "drain"): FarmLive => {
  const backend = { backendId: "b", adminState, active } as BackendLive;
  return { at: atS * 1000, backends: [backend] } as unknown as FarmLive;
};
const readingsOf = (...steps: FarmLive[]) => steps.reduce<DrainReadings>(addReadings, new Map());

describe("drain progress", () => {
  it("tells rate of fall and the end only when a few seconds are known", () => {
    expect(progressOf(readingsOf(reading(0, 40), reading(1, 38)), "b")).toEqual({
      left: 38,
      fallPerS: null,
      emptyAtMs: null,
    });
    expect(progressOf(readingsOf(reading(0, 40), reading(10, 20)), "b")).toEqual({
      left: 20,
      fallPerS: 2,
      emptyAtMs: 20_000,
    });
  });

  it("gives no end while nothing falls, and never a negative rate", () => {
    expect(progressOf(readingsOf(reading(0, 5), reading(10, 6)), "b")).toEqual({
      left: 6,
      fallPerS: 0,
      emptyAtMs: null,
    });
  });

  it("says once that a backend is empty", () => {
    const one = readingsOf(reading(0, 3));
    const two = addReadings(one, reading(1, 0));
    const three = addReadings(two, reading(2, 0));
    expect([emptied(one, two), emptied(two, three)]).toEqual([["b"], []]);
  });

  it("forgets a backend that was resumed", () => {
    expect(progressOf(readingsOf(reading(0, 3), reading(1, 3, "active")), "b")).toBeNull();
  });
});
