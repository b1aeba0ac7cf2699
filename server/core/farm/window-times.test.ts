import { describe, expect, it } from "vitest";
import type { MaintenanceWindow } from "./maintenance-window.ts";
import { openWindows, windowPhase, withoutPast } from "./window-times.ts";

const at = (hour: number) => Date.parse("2026-11-23T00:00:00Z") + hour * 3_600_000;
const window = (from: number, to: number, backend: string | null = null, note = ""): MaintenanceWindow => ({
  backend,
  startsAt: new Date(at(from)).toISOString(),
  endsAt: new Date(at(to)).toISOString(),
  note,
});
const farm = (...maintenanceWindows: MaintenanceWindow[]) => ({
  backends: [
    { id: "1", name: "web-1" },
    { id: "2", name: "web-2" },
  ] as unknown as Parameters<typeof openWindows>[0]["backends"],
  maintenanceWindows,
});

describe("maintenance windows", () => {
  it("begin with their first moment and are over at their last", () => {
    const one = window(2, 4);
    expect([1, 2, 3, 4].map((hour) => windowPhase(one, at(hour)))).toEqual(["planned", "current", "current", "past"]);
    expect(withoutPast([window(0, 1), one], at(2))).toEqual([one]);
  });

  it("of one backend leave the others in; of the farm take all out", () => {
    expect([...openWindows(farm(window(2, 4, "web-2")), at(3)).keys()]).toEqual(["2"]);
    expect([...openWindows(farm(window(2, 4)), at(3)).keys()]).toEqual(["1", "2"]);
    expect(openWindows(farm(window(2, 4)), at(4)).size).toBe(0);
  });

  it("that overlap or touch are one stretch; its notes are those of the windows that are open", () => {
    const all = farm(
      window(5, 6, "web-1", "late"),
      window(2, 4, null, "kernel"),
      window(4, 5),
      window(3, 4, null, "disk"),
    );
    expect(openWindows(all, at(3)).get("1")).toEqual({ untilMs: at(6), note: "kernel; disk" });
    expect(openWindows(all, at(3)).get("2")).toEqual({ untilMs: at(5), note: "kernel; disk" });
    expect(openWindows(all, at(4.5)).get("1")).toEqual({ untilMs: at(6), note: "" });
  });

  it("of a clock that jumped are those of its new time", () => {
    const all = farm(window(2, 4));
    expect([at(3), at(9), at(1), at(3)].map((now) => openWindows(all, now).size)).toEqual([2, 0, 0, 2]);
  });

  it("may be written with an offset", () => {
    const one = { ...window(2, 4), startsAt: "2026-11-23T04:00:00+02:00", endsAt: "2026-11-23T06:00:00+02:00" };
    expect([windowPhase(one, at(1.9)), windowPhase(one, at(2.1))]).toEqual(["planned", "current"]);
  });
});
