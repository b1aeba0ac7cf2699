import { expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { built } from "../core/ruleset/ruleset-fixture.ts";
import { createFarmRuleset } from "./farm-ruleset.ts";
import type { RunProcess } from "./run-process.ts";

const farm = testFarm(1, undefined, { scheduler: "source-hash" });
const { ruleset } = built([farm]);
const slots = [...(ruleset.fragments.get(farm.id)?.elements.get("slots")?.keys() ?? [])];
const done = { code: 0, stderr: "", durationMs: 1 };
const interrupted = {
  status: "failed",
  code: 1,
  stdout: "",
  stderr: "/dev/stdin:2:1-1570: Error: Could not process rule: Interrupted system call",
  durationMs: 1,
} as const;

/** A kernel whose rules change all the time: `isCaught` says which scripts a change came in between. */
function readWith(isCaught: (script: string, times: number) => boolean) {
  const asked = new Map<string, number>();
  const run: RunProcess = async (_command, _args, { input = "" }) => {
    const times = (asked.get(input) ?? 0) + 1;
    asked.set(input, times);
    if (input.startsWith("get element") && isCaught(input, times)) return interrupted;
    const maps = Array.from(
      input.matchAll(/(\w+) \{ (.*) \}/g),
      ([, map, keys]) => `map ${map} { elements = { ${keys} } }`,
    );
    return { ...done, status: "ok", stdout: `table inet sluice {\n${maps.join("\n")}\n}\n` };
  };
  const read = createFarmRuleset({ run, state: () => ({ ruleset }), now: () => 1 })(farm.id);
  return { read, runs: () => [...asked.values()].reduce((sum, times) => sum + times, 0) };
}

const commandsIn = (script: string) => script.split("get element").length - 1;

test("changes that come in between cost a listing time, and no part", async () => {
  const { read } = readWith((script, times) => commandsIn(script) > 1 || times < 3);
  const answer = await read;
  const { text, isWhole } = answer.ok ? answer.value : { text: "", isWhole: null };
  expect(isWhole).toBe(true);
  expect(slots).toHaveLength(1024);
  expect(slots.filter((slot) => !text.includes(slot))).toEqual([]);
});

test("a part that changes without end is named as unread, after so many tries", async () => {
  const { read, runs } = readWith((script) => script.includes("slots"));
  const answer = await read;
  const { text, isWhole } = answer.ok ? answer.value : { text: "", isWhole: null };
  expect([isWhole, text.includes("# slots could not be read")]).toEqual([false, true]);
  expect(runs()).toBeLessThan(30);
});
