import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { PersistentMap } from "../core/persistent-map.ts";
import type { Fragment } from "../core/ruleset/model.ts";
import { emptyRuleset } from "../core/ruleset/ruleset.ts";
import { createSpareLoad } from "./spare-load.ts";

/** `cat` stands for nft: it takes the script, and ends when its input does. */
function setUp(script = "table {\n}\n", command: readonly [string, ...string[]] = ["cat"]) {
  const started: ChildProcessWithoutNullStreams[] = [];
  let nowMs = 0;
  let timers: { atMs: number; task: () => void }[] = [];
  const load = createSpareLoad({
    hush: (load) => load(),
    spawn: () => {
      const [name, ...args] = command;
      const child = spawn(name, args, { stdio: ["pipe", "pipe", "pipe"] });
      started.push(child);
      return child;
    },
    render: () => [script.slice(0, -2), script.slice(-2)],
    pause: () => Promise.resolve(),
    after: (ms, task) => {
      const timer = { atMs: nowMs + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    now: () => nowMs,
  });
  /** resolves when what is due is done */
  const pass = async (ms: number) => {
    nowMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { task } of due) task();
    await new Promise(setImmediate);
  };
  stops.push(() => load.stop());
  return { load, started, pass };
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

test("a load waits once it was quiet, is given out once, and runs to its end", async () => {
  const { load, started, pass } = setUp();
  const ruleset = emptyRuleset(0x51);
  load.keep(ruleset);
  expect(load.take()).toBeNull();
  await pass(2000);
  const taken = load.take();
  expect(taken?.ruleset).toEqual(ruleset);
  expect(load.take()).toBeNull();
  expect(await taken?.run(5000)).toEqual({ status: "ok", output: "" });
  load.keep(ruleset);
  await pass(2000);
  expect(started).toHaveLength(2);
});

test("changes each second make no new one each second", async () => {
  const { load, started, pass } = setUp();
  load.keep(emptyRuleset(0x51));
  await pass(2000);
  for (let second = 0; second < 30; second++) {
    load.keep(emptyRuleset(0x51));
    await pass(1000);
  }
  expect(started.length).toBeLessThanOrEqual(4);
});

test("what is too large does not wait", async () => {
  const { load, started, pass } = setUp();
  const many = new Map(Array.from({ length: 50_000 }, (_, at) => [`${at}`, ""]));
  const fragment: Fragment = {
    farmId: "a",
    farmNumber: 1,
    features: [],
    objects: new Map(),
    chains: new Map(),
    elements: new Map([["slots", many]]),
    members4: [],
    members6: [],
    lists: [],
  };
  const ruleset = { ...emptyRuleset(0x51), fragments: PersistentMap.from([["a", fragment]]) };
  for (let at = 0; at < 10; at++) {
    load.keep(ruleset);
    await pass(20_000);
  }
  expect([started.length, load.take()]).toEqual([0, null]);
});

test("one that dies is not given out; one that fails says so", async () => {
  const dying = setUp("table {\n}\n", ["false"]);
  dying.load.keep(emptyRuleset(0x51));
  await dying.pass(2000);
  await new Promise((resolve) => dying.started[0]?.once("close", resolve));
  expect(dying.load.take()).toBeNull();
  const failing = setUp("table {\n}\n", ["sh", "-c", "cat >/dev/null; echo no >&2; exit 1"]);
  failing.load.keep(emptyRuleset(0x51));
  await failing.pass(2000);
  expect(await failing.load.take()?.run(5000)).toEqual({ status: "error", text: "no\n" });
});

test("the end of the agent leaves the waiting process a script that is not whole", async () => {
  const { load, started, pass } = setUp("table {\n}\n");
  load.keep(emptyRuleset(0x51));
  await pass(10_000);
  const [child] = started;
  const seen: string[] = [];
  child?.stdout.on("data", (piece: Buffer) => seen.push(String(piece)));
  const closed = new Promise((resolve) => child?.once("close", resolve));
  child?.stdin.end();
  await closed;
  expect(seen.join("")).toBe("table {\n");
});
