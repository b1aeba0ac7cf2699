import { expect, test } from "vitest";
import { questionText } from "./admin-question.ts";
import { sampleFarm, sampleLive } from "./board.testing.ts";
import type { AdminRow } from "./use-admin-state.ts";

const farm = sampleFarm([100, 50]);

function rowWith(active: number | null): AdminRow {
  const [backend] = farm.backends;
  const [live] = sampleLive(farm, () => ({ active })).backends;
  if (backend === undefined || live === undefined) throw new Error("no backend");
  return { backend, live };
}
const cutText = (active: number | null, of = farm) => questionText(of, { kind: "cut", row: rowWith(active) }).text;

test("before a cut the number of open connections is told as near, not exact: it is a reading of seconds ago", () => {
  expect(cutText(12)).toBe(
    "About 12 open connections to web-1 are reset at both ends, at once. This cannot be undone.",
  );
  expect(cutText(1)).toContain("About 1 open connection to web-1 is reset at both ends");
  expect(cutText(null)).toContain("Its open connections to web-1 are reset at both ends");
});

test("UDP has nothing to reset: its flows are forgotten", () => {
  expect(cutText(12, sampleFarm([100], { protocol: "udp" }))).toContain("web-1 are forgotten, at once");
});

test("before the last serving backend goes, what new connections meet and that open ones go on", () => {
  const ask = (state: "drain" | "maintenance") =>
    questionText({ ...farm, onAllDown: "drop" }, { kind: "state", row: rowWith(12), state });
  expect(ask("drain")).toEqual({
    title: "Drain the last serving backend of shop?",
    text: "web-1 is the only one that serves. After this, new connections to 192.168.0.40 are dropped. About 12 open connections go on.",
    action: "Drain web-1",
  });
  expect(ask("maintenance").action).toBe("Take out web-1");
});
