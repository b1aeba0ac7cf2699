import { describe, expect, it } from "vitest";
import type { Farm } from "@/server/core/farm/types.ts";
import { sampleFarm, sampleLive, sampleObserved } from "./board.testing.ts";
import { boardRows, closesLastGate, isLastServing, survivorsWithout, verdictText } from "./board-model.ts";

const withWeights = (farm: Farm, weights: readonly number[]): Farm => ({
  ...farm,
  backends: farm.backends.map((backend, at) => ({ ...backend, weight: weights[at] ?? backend.weight })),
});

describe("the rows of the board", () => {
  it("show shares before and after, the change in points, and the slots it takes", () => {
    const farm = sampleFarm([100, 50, 50, 0]);
    const rows = boardRows({ farm, planned: withWeights(farm, [80, 60, 50, 10]), live: null });
    expect(rows.map((row) => [row.runningPct, row.plannedPct, row.slots])).toEqual([
      [50, 40, { own: 8, all: 20 }],
      [25, 30, { own: 6, all: 20 }],
      [25, 25, { own: 5, all: 20 }],
      [0, 5, { own: 1, all: 20 }],
    ]);
  });

  it("show what slots make of a share where clients are hashed, and nothing beside it where they are exact", () => {
    const weights = [60, 30, 10];
    const programmed = (scheduler: string) => {
      const farm = sampleFarm(weights, { scheduler });
      return boardRows({ farm, planned: farm, live: null }).map((row) => row.programmedPct);
    };
    expect(programmed("weighted")).toEqual([null, null, null]);
    for (const [at, pct] of programmed("source-hash").entries()) {
      expect(pct).not.toBe(weights[at]);
      expect(Math.abs((pct ?? 0) - (weights[at] ?? 0))).toBeLessThan(6);
    }
    for (const [at, pct] of programmed("maglev").entries())
      expect(Math.abs((pct ?? 0) - (weights[at] ?? 0))).toBeLessThan(0.1);
  });

  it("say what a backend that is out would take, and count it in no share", () => {
    const farm = sampleFarm([50, 50]);
    const drained = withWeights(
      {
        ...farm,
        backends: farm.backends.map((one, at) => (at === 1 ? { ...one, adminState: "drain" as const } : one)),
      },
      [],
    );
    const [first, second] = boardRows({ farm: drained, planned: drained, live: null });
    expect([first?.plannedPct, first?.ifServingPct, second?.plannedPct, second?.ifServingPct]).toEqual([
      100,
      null,
      0,
      50,
    ]);
  });

  it("recompute when a backend goes down", () => {
    const farm = sampleFarm([60, 20, 20]);
    const live = sampleLive(farm, (at) => ({ health: at === 0 ? "down" : "up" }));
    expect(boardRows({ farm, planned: farm, live }).map((row) => [row.plannedPct, row.ifServingPct])).toEqual([
      [0, 60],
      [50, null],
      [50, null],
    ]);
  });
});

describe("what if", () => {
  it("spreads a failing backend over its survivors in proportion to their weights", () => {
    const farm = sampleFarm([40, 30, 25, 5]);
    const survivors = survivorsWithout({ farm, planned: farm, live: null }, farm.backends[0]?.id ?? "");
    expect(survivors.map((one) => [one.backend.name, one.pct.toFixed(1), one.changePoints.toFixed(1)])).toEqual([
      ["web-2", "50.0", "20.0"],
      ["web-3", "41.7", "16.7"],
      ["web-4", "8.3", "3.3"],
    ]);
  });

  it("knows when the last gate would close, and not when another one is open", () => {
    const farm = sampleFarm([100, 0]);
    const close = (weights: readonly number[]) =>
      closesLastGate({ farm, planned: withWeights(farm, weights), live: null });
    expect([close([0, 0]), close([0, 1]), close([1, 0])]).toEqual([true, false, false]);
    expect(farm.backends.map((backend) => isLastServing(farm, null, backend.id))).toEqual([true, false]);
  });
});

describe("the observed share in words", () => {
  const farm = sampleFarm([50, 50, 0]);
  const words = (observed: ReturnType<typeof sampleObserved> | null, at = 0) => {
    const row = boardRows({ farm, planned: farm, live: sampleLive(farm, () => ({ observed })) })[at];
    return row === undefined ? "" : verdictText(row);
  };

  it("never warns on too little", () => {
    expect([words(null), words(sampleObserved({ verdict: "few", connections: 3 }))]).toEqual([
      "not enough yet",
      "not enough yet",
    ]);
  });

  it("says in or out of the band with its width, and when the share is only a goal", () => {
    expect(words(sampleObserved({}))).toBe("± 2.0, in band");
    expect(words(sampleObserved({ verdict: "out-of-band" }))).toBe("± 2.0, out of band");
    expect(words(sampleObserved({ verdict: "goal" }))).toBe("± 2.0, a goal");
  });

  it("says why a backend without a share has none", () => {
    expect(words(sampleObserved({ sharePct: 0 }), 2)).toBe("weight 0 runs");
  });
});

describe("with the agent gone", () => {
  it("the verdict only was so", () => {
    const farm = sampleFarm([100, 50]);
    const live = sampleLive(farm, () => ({ observed: sampleObserved({}) }));
    const [row] = boardRows({ farm, planned: farm, live });
    expect(row === undefined ? "" : verdictText(row, true)).toBe("was in band");
    expect(row === undefined ? "" : verdictText(row)).toBe("± 2.0, in band");
  });
});
