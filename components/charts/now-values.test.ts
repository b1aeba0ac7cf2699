import { expect, test } from "vitest";
import { sampleFarm, sampleLive } from "@/components/weights/board.testing.ts";
import { backendNow } from "./now-values.ts";

test("the others are one sum, as in the chart, and a backend without a row is not known", () => {
  const farm = sampleFarm([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  const live = sampleLive(farm, (at) => ({ active: at }));
  const ids = farm.backends.map(({ id }) => id);
  const now = backendNow(live, farm.backends, (row) => row.active);
  expect([...now.keys()]).toEqual([...ids.slice(0, 8), "others"]);
  expect(now.get("others")).toBe(8 + 9);
  expect(backendNow(null, farm.backends, (row) => row.active).get("others")).toBeNull();
  expect(backendNow(null, farm.backends.slice(0, 2), (row) => row.active).has("others")).toBe(false);
});
