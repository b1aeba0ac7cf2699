import { describe, expect, it } from "vitest";
import {
  afterResult,
  afterSilence,
  type CheckRules,
  type CheckState,
  comesBackAt,
  flapWindowMs,
  initialState,
} from "./check-state.ts";

const rules: CheckRules = { rise: 2, fall: 3, intervalMs: 2000, timeoutMs: 1000, flapChanges: 6 };

/** One result every two seconds: "g" good, "d" good but degraded, "b" bad. */
function run(results: string, own: Partial<CheckRules> = {}, before: CheckState = initialState(), fromMs = 0) {
  let state = before;
  const seen = [...results].map((letter, at) => {
    const verdict = { at: fromMs + at * 2000, isGood: letter !== "b", isDegraded: letter === "d" };
    state = afterResult(state, verdict, { ...rules, ...own });
    return state.health;
  });
  return { state, seen: seen.join(" ") };
}

/** The same numbers each time. */
function randomOf(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1_103_515_245) + 12_345) & 0x7fffffff;
    return value / 0x7fffffff;
  };
}

describe("the state of a backend", () => {
  it("is unknown until enough results in a row agree", () => {
    expect(run("g").seen).toBe("unknown");
    expect(run("gg").seen).toBe("unknown up");
    expect(run("bb").seen).toBe("unknown unknown");
    expect(run("bbb").seen).toBe("unknown unknown down");
    expect(run("gbgbgg").seen).toBe("unknown unknown unknown unknown unknown up");
  });

  it("goes down only after fall bad results in a row, and up only after rise good ones", () => {
    expect(run("ggbbgbbb").seen).toBe("unknown up up up up degraded degraded down");
    expect(run("bbbgbgg").seen).toBe("unknown unknown down down down down up");
  });

  it("never jumps the rows: in any run of results, whatever the rules", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomOf(seed);
      const own = { rise: 1 + Math.floor(random() * 5), fall: 1 + Math.floor(random() * 5), flapChanges: 0 };
      let state = initialState();
      let row = { isGood: true, length: 0 };
      for (let at = 0; at < 300; at++) {
        const isGood = random() < 0.6;
        row = row.isGood === isGood ? { isGood, length: row.length + 1 } : { isGood, length: 1 };
        const before = state.health;
        state = afterResult(state, { at: at * 1000, isGood, isDegraded: false }, { ...rules, ...own });
        if (state.health === "down" && before !== "down") expect(row).toEqual({ isGood: false, length: own.fall });
        if (before === "down" && state.health !== "down") expect(row).toEqual({ isGood: true, length: own.rise });
        if (!row.isGood && row.length >= own.fall) expect(state.health).toBe("down");
      }
    }
  });

  it("is degraded while the answer says so, and while some checks fail though never enough in a row", () => {
    expect(run("ggd").seen).toBe("unknown up degraded");
    expect(run("ggdg").seen).toBe("unknown up degraded up");
    expect(run("ggbgbgb").state.health).toBe("degraded");
    expect(run(`ggbgbgb${"g".repeat(15)}`).state.health).toBe("degraded");
    expect(run(`ggbgbgb${"g".repeat(16)}`).state.health).toBe("up");
  });

  it("does not hold against a backend what failed before it came up", () => {
    expect(run("bbbbbbgg").state.health).toBe("up");
  });

  it("comes back later and later when it flaps, and says when", () => {
    const cycle = "bbbgg";
    const { state } = run(`gg${cycle.repeat(3)}`);
    expect([state.changes.length, state.health]).toEqual([6, "degraded"]);
    const waits = [4, 5, 6, 7, 8].map((cycles) => {
      const flapped = run(`gg${cycle.repeat(cycles - 1)}bbb`, { flapChanges: 6 });
      const back = run("g".repeat(200), {}, flapped.state, cycles * 10_000);
      return back.seen.split(" ").indexOf("degraded") + 1;
    });
    for (const [at, wait] of waits.entries()) if (at > 0) expect(wait).toBeGreaterThanOrEqual(waits[at - 1] ?? 0);
    expect(Math.max(...waits)).toBeGreaterThan(10);
    expect(Math.max(...waits) * 2000).toBeLessThanOrEqual(302_000);
  });

  it("forgets its changes after ten minutes", () => {
    const { state } = run(`gg${"bbbgg".repeat(3)}`);
    const later = run("gg", {}, state, flapWindowMs + 100_000);
    expect([later.state.changes, later.state.health]).toEqual([[], "up"]);
    expect(comesBackAt(later.state, rules)).toBeNull();
  });

  it("never flaps where the farm says 0", () => {
    expect(run(`gg${"bbbgg".repeat(20)}`, { flapChanges: 0 }).state.health).toBe("up");
  });

  it("grows unknown when nobody asks; who is down stays so", () => {
    expect(afterSilence(run("gg").state, 50_000)).toMatchObject({ health: "unknown", since: 50_000 });
    expect(afterSilence(run("bbb").state, 50_000)).toMatchObject({ health: "down", since: 4000 });
  });

  it("is as small after a day as after an hour", () => {
    const random = randomOf(7);
    let state = initialState();
    const sizes: number[] = [];
    for (let at = 0; at < 86_400; at += 2) {
      state = afterResult(state, { at: at * 1000, isGood: random() < 0.5, isDegraded: false }, rules);
      sizes.push(state.changes.length);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(JSON.stringify(state).length).toBeLessThan(5000);
  });
});
