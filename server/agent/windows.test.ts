import { describe, expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import type { LiveEvent } from "../core/metrics/live.ts";
import { createConditions } from "./conditions.ts";
import { createEvents } from "./events.ts";
import type { State } from "./plan.ts";
import { emptyState } from "./replay.ts";
import { createWindows } from "./windows.ts";

const at = (hour: number) => Date.parse("2026-11-23T00:00:00Z") + hour * 3_600_000;
const window = (from: number, to: number, backend: string | null, note = "") => ({
  backend,
  startsAt: new Date(at(from)).toISOString(),
  endsAt: new Date(at(to)).toISOString(),
  note,
});
const farmWith = (...maintenanceWindows: readonly object[]) => testFarm(1, undefined, { maintenanceWindows });
const [first, second] = farmWith().backends.map(({ id }) => id) as [string, string];

function stateOf(farm: Farm): State {
  const empty = emptyState(0x51);
  return {
    ...empty,
    desired: { ...empty.desired, farms: new Map([[farm.id, { farm, version: 1, actor: null, at: 0 }]]) },
  };
}

/** One life of the agent after another, on the same book of conditions. */
function world() {
  const conditions = createConditions();
  const told: LiveEvent[] = [];
  const clock = { hour: 0 };
  const live = () =>
    createWindows({
      conditions,
      events: createEvents(
        () => at(clock.hour),
        (event) => told.push(event),
      ),
      now: () => at(clock.hour),
    });
  const out = (farm: Farm) =>
    farm.backends.filter(({ id }) => conditions.of(farm.id).get(id)?.out === "window").map(({ name }) => name);
  const take = () => told.splice(0).map(({ kind, text }) => [kind, text]);
  return { conditions, clock, live, out, take };
}

describe("maintenance windows in the agent", () => {
  test("begin and end by themselves, and both are told once", () => {
    const { clock, live, out, take } = world();
    const farm = farmWith(window(2, 4, "b-1", "new kernel"));
    const windows = live();
    const seen = [1, 2, 3, 4, 5].map((hour) => {
      clock.hour = hour;
      windows.round(stateOf(farm))();
      return out(farm);
    });
    expect(seen).toEqual([[], ["b-1"], ["b-1"], [], []]);
    expect(take()).toEqual([
      ["drain", "b-1 of farm-1 is in maintenance until 2026-11-23 04:00 UTC: new kernel"],
      ["change", "b-1 of farm-1 is back from its maintenance window"],
    ]);
  });

  test("are told when the kernel has them; one that came and went while it refused is not told at all", () => {
    const { clock, live, out, take } = world();
    const windows = live();
    const farm = farmWith(window(1, 3, "b-1"), window(2, 9, "b-2"));
    clock.hour = 1;
    windows.round(stateOf(farm));
    expect([out(farm), take()]).toEqual([["b-1"], []]);
    for (const hour of [2, 3]) {
      clock.hour = hour;
      windows.round(stateOf(farm));
    }
    windows.round(stateOf(farm))();
    expect(take()).toEqual([["drain", "b-2 of farm-1 is in maintenance until 2026-11-23 09:00 UTC"]]);
    windows.round(stateOf(farm))();
    expect(take()).toEqual([]);
  });

  test("of a whole farm are told in one sentence, and rows say until when and why", () => {
    const { clock, live, take } = world();
    const windows = live();
    clock.hour = 3;
    windows.round(stateOf(farmWith(window(2, 4, null), window(3, 5, "b-2", "disk"))))();
    expect(take().map(([, text]) => text)).toEqual([
      "b-1 of farm-1 is in maintenance until 2026-11-23 04:00 UTC",
      "b-2 of farm-1 is in maintenance until 2026-11-23 05:00 UTC: disk",
    ]);
    expect(windows.outOf(second)).toEqual({ why: "window", untilMs: at(5), text: "disk" });
    windows.round(stateOf(farmWith()))();
    expect(take().map(([, text]) => text)).toEqual(["2 backends of farm-1 are back from its maintenance window"]);
    expect(windows.outOf(second)).toBeUndefined();
  });

  test("a restart in the middle tells nothing twice; one that slept through the end tells the end", () => {
    const { clock, live, out, take } = world();
    const farm = farmWith(window(2, 4, null));
    clock.hour = 3;
    live().round(stateOf(farm))();
    take();
    live().round(stateOf(farm))();
    expect([take(), out(farm)]).toEqual([[], ["b-1", "b-2"]]);
    clock.hour = 9;
    live().round(stateOf(farm))();
    expect([take().length, out(farm)]).toEqual([1, []]);
  });

  test("a restart after the last window was taken away lets nobody stay out", () => {
    const { clock, live, out } = world();
    clock.hour = 3;
    live().round(stateOf(farmWith(window(2, 4, "b-1"))))();
    live().round(stateOf(farmWith()))();
    expect(out(farmWith())).toEqual([]);
  });

  test("a clock that jumps is believed, there and back", () => {
    const { clock, live, conditions } = world();
    const farm = farmWith(window(2, 4, "b-1"));
    const windows = live();
    const isOut = [3, 30, 1, 3].map((hour) => {
      clock.hour = hour;
      windows.round(stateOf(farm))();
      return conditions.of(farm.id).get(first)?.out === "window";
    });
    expect(isOut).toEqual([true, false, false, true]);
  });
});
