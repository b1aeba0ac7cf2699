import { expect, test } from "vitest";
import { healthCheckSchema } from "../core/farm/health-check.ts";
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

function setUp(openMax = 50, random: number | (() => number) = 0.5) {
  let nowMs = 0;
  const open: { key: string; done: (result: Answer) => void }[] = [];
  const reported: ProbeResult[] = [];
  const schedule = createSchedule({
    ask: ({ key }, done) => void open.push({ key, done }),
    report: (results) => void reported.push(...results),
    nowMs: () => nowMs,
    wallMs: () => 1_000_000 + nowMs,
    random: () => (typeof random === "number" ? random : random()),
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

const check = (key: string, type: "https" | "http"): ProbeTarget => ({
  ...target(key),
  probe: { what: "check", check: healthCheckSchema.parse({ type }) },
});
const bad: Answer = { connectUs: null, tookUs: null, error: "timeout", text: "no answer", degraded: false };

test("another interval goes on from the last start, and takes nothing twice", () => {
  const { schedule, open, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1")] });
  go(500);
  open[0]?.done(good(1));
  go(100);
  schedule.order({ type: "change", add: [{ ...target("1"), intervalMs: 200 }], remove: [] });
  go(99);
  expect(open).toHaveLength(1);
  go(1);
  expect(open).toHaveLength(2);
  schedule.order({ type: "change", add: [target("1")], remove: [] });
  go(500);
  // it is still open, so this turn is skipped
  go(500);
  expect(open).toHaveLength(2);
});

test("a backend that is added anew while its probe is open does not get the old result", () => {
  const { schedule, open, reported, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1")] });
  go(500);
  schedule.order({ type: "change", add: [{ ...target("1"), address: "10.0.0.2" }], remove: [] });
  open[0]?.done(bad);
  go(1000);
  expect(reported).toEqual([]);
  expect(open).toHaveLength(2);
});

test("'now' asks at once and leaves the rhythm alone; while a probe is open it asks once more after it", () => {
  const { schedule, open, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1")] });
  schedule.order({ type: "now", keys: ["1", "nobody"] });
  go(1);
  expect(open).toHaveLength(1);
  schedule.order({ type: "now", keys: ["1"] });
  go(1);
  expect(open).toHaveLength(1);
  open[0]?.done(good(1));
  go(1);
  expect(open).toHaveLength(2);
  open[1]?.done(good(1));
  go(496);
  expect(open).toHaveLength(2);
  go(1);
  expect(open).toHaveLength(3);
});

test("backends that hang take half of the places at most, and none of another kind", () => {
  const { schedule, open, go } = setUp(4);
  const hanging = Array.from({ length: 10 }, (_, at) => target(`hang-${at}`));
  schedule.order({ type: "targets", targets: hanging });
  for (let round = 0; round < 10; round++) {
    go(1000);
    for (const each of open.splice(0)) each.done(bad);
  }
  schedule.order({ type: "change", add: [target("well"), check("other", "https")], remove: [] });
  go(1000);
  expect(open.map(({ key }) => key).filter((key) => key.startsWith("hang"))).toHaveLength(2);
  expect(open.map(({ key }) => key)).toEqual(expect.arrayContaining(["well", "other"]));
});

test("bad news and what follows it go out at once, good news wait for each other, old bad news too", () => {
  const { schedule, open, reported, go } = setUp();
  schedule.order({ type: "targets", targets: [check("1", "http")] });
  /** how many results went out at once */
  const probe = (answer: Answer) => {
    go(1000);
    reported.splice(0);
    open.shift()?.done(answer);
    return reported.length;
  };
  expect(probe(good(1))).toBe(0);
  expect(probe(bad)).toBe(1);
  expect(probe(bad)).toBe(1);
  expect(probe(good(1))).toBe(1);
  for (let round = 0; round < 100; round++) probe(bad);
  expect(probe(bad)).toBe(0);
  expect(probe(good(1))).toBe(1);
});

test("what only measures waits for others, however bad", () => {
  const { schedule, open, reported, go } = setUp();
  schedule.order({ type: "targets", targets: [target("1"), target("2")] });
  go(500);
  open.shift()?.done(bad);
  expect(reported).toEqual([]);
  go(1);
  open.shift()?.done(bad);
  go(199);
  expect(reported.map(({ key }) => key)).toEqual(["1"]);
  go(1);
  expect(reported.map(({ key }) => key)).toEqual(["1", "2"]);
});

test("a check an hour is made for the first time within ten seconds", () => {
  const { schedule, open, go } = setUp(50, 0.99);
  schedule.order({ type: "targets", targets: [{ ...target("1"), intervalMs: 3_600_000 }] });
  go(10_000);
  expect(open).toHaveLength(1);
});

/** Starts within `forMs`, each answered at once, per 10 ms. */
function startsOf(targets: readonly ProbeTarget[], forMs: number): string[][] {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const { schedule, open, go } = setUp(6000, random);
  schedule.order({ type: "targets", targets: [...targets] });
  return Array.from({ length: forMs / 10 }, () => {
    go(10);
    const started = open.splice(0);
    for (const each of started) each.done(good(1));
    return started.map(({ key }) => key);
  });
}

test("five thousand checks are spread over their second and each is made once in it", () => {
  const targets = Array.from({ length: 5000 }, (_, at) => check(String(at), "http"));
  const perTick = startsOf(targets, 3000).map((keys) => keys.length);
  expect(perTick.reduce((sum, count) => sum + count, 0)).toBe(15_000);
  expect(Math.max(...perTick)).toBeLessThan(100);
});

test("what only measures is asked a thousand times a second at most, and checks beside it keep their pace", () => {
  const measured = Array.from({ length: 4000 }, (_, at) => target(`m${at}`));
  const checks = Array.from({ length: 100 }, (_, at) => check(`c${at}`, "http"));
  const keys = startsOf([...measured, ...checks], 12_000).flat();
  expect(keys.filter((key) => key.startsWith("c"))).toHaveLength(1200);
  const measurements = keys.filter((key) => key.startsWith("m"));
  // each once in a random part of the first seconds, then every four
  expect(measurements.length).toBeLessThanOrEqual(13_000);
  expect(new Set(measurements.slice(-4000)).size).toBe(4000);
});
