import { expect, test } from "vitest";
import type { ProbeResult, ProbeTarget } from "../wire/prober.ts";
import type { Answer } from "./attempt.ts";
import { budgetsFor } from "./pools.ts";
import { createSchedule } from "./schedule.ts";

const target = (key: string): ProbeTarget => ({
  key,
  address: "10.0.0.1",
  port: 80,
  intervalMs: 1000,
  timeoutMs: 500,
  probe: { what: "connect" },
});

const good = (us: number): Answer => ({ connectUs: us, tookUs: us, error: null, text: "", degraded: false });

function setUp(openMax = 50, random = 0.5) {
  let nowMs = 0;
  const open: { key: string; done: (result: Answer) => void }[] = [];
  const reported: ProbeResult[] = [];
  const schedule = createSchedule({
    ask: ({ key }, done) => void open.push({ key, done }),
    report: (results) => void reported.push(...results),
    nowMs: () => nowMs,
    wallMs: () => 1_000_000 + nowMs,
    random: () => random,
    soon: (run) => run(),
    budgets: { ...budgetsFor(1000), light: { openMax, startsMax: 1000 } },
  });
  const go = (ms: number) => {
    nowMs += ms;
    schedule.tick();
  };
  return { schedule, open, reported, go };
}

test("the first probe comes at a random moment of the interval, then every interval", () => {
  const { schedule, open, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1")] });
  go(499);
  expect(open).toHaveLength(0);
  go(1);
  expect(open).toHaveLength(1);
  open[0]?.done(good(100));
  go(999);
  expect(open).toHaveLength(1);
  go(1);
  expect(open).toHaveLength(2);
});

test("a target is never probed twice at once, and what was missed does not pile up", () => {
  const { schedule, open, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1")] });
  for (let at = 0; at < 10; at++) go(1000);
  expect(open).toHaveLength(1);
  open[0]?.done({ ...good(0), connectUs: null, tookUs: null, error: "timeout" });
  go(1000);
  expect(open).toHaveLength(2);
});

test("no more connects are open than the bound", () => {
  const { schedule, open, go } = setUp(3);
  schedule.order({ type: "targets", targets: Array.from({ length: 10 }, (_, at) => target(String(at))) });
  go(1000);
  expect(open).toHaveLength(3);
  open[0]?.done(good(1));
  go(1);
  expect(open).toHaveLength(4);
});

test("results are reported together, those of targets that were taken away are not", () => {
  const { schedule, open, reported, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1"), target("2")] });
  go(600);
  schedule.order({ type: "change", add: [], remove: ["2"] });
  for (const each of open) each.done(good(42));
  go(300);
  expect(reported).toEqual([{ key: "1", at: 1_000_600, ...good(42) }]);
});
