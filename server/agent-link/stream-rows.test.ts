import { expect, test } from "vitest";
import type { BalancerLive, FarmLive } from "../core/metrics/live.ts";
import type { StreamLine } from "../wire/stream.ts";
import { createStreamRows } from "./stream-rows.ts";

const row = (farmId: string, newPerS: number) => ({ farmId, at: 1, newPerS, backends: [] }) as unknown as FarmLive;
const tick = (more: Partial<Extract<StreamLine, { type: "tick" }>>): StreamLine => ({
  type: "tick",
  at: 2,
  balancer: {} as BalancerLive,
  farms: [],
  news: [],
  removed: [],
  ...more,
});
const hello = (farms: readonly FarmLive[]) => ({ type: "hello", farms }) as unknown as StreamLine;
const news = (farmId: string, newPerS: number) => ({ farmId, set: { at: 2, newPerS } });

test("rows go on from the hello, or from the line that told them whole", () => {
  const understand = createStreamRows();
  understand(hello([row("a", 1)]));
  expect(understand(tick({ farms: [row("b", 5)], news: [news("a", 2)] }))).toEqual({
    type: "tick",
    at: 2,
    balancer: {},
    farms: [row("b", 5), { ...row("a", 2), at: 2 }],
    removed: [],
  });
  expect(understand(tick({ news: [news("b", 6)] }))).toMatchObject({ farms: [{ farmId: "b", newPerS: 6, at: 2 }] });
});

test("news of a farm that was never told, or not since it was removed, are not understood", () => {
  const understand = createStreamRows();
  understand(hello([row("a", 1)]));
  expect(understand(tick({ news: [news("b", 2)] }))).toBeNull();
  expect(understand(tick({ removed: ["a"] }))).toMatchObject({ removed: ["a"], farms: [] });
  expect(understand(tick({ news: [news("a", 2)] }))).toBeNull();
});
