import { expect, test } from "vitest";
import type { Op } from "../core/ruleset/ops.ts";
import { hushedEdit, hushedRun } from "./hushed-run.ts";
import type { RunProcess } from "./run-process.ts";

const large = "x".repeat(1_000_000);

function scene(answer: RunProcess) {
  const steps: string[] = [];
  const run: RunProcess = (command, args, options) => {
    steps.push("run");
    return answer(command, args, options);
  };
  return { steps, run: hushedRun(run, (isListening) => steps.push(isListening ? "listen" : "hush")) };
}

const done: RunProcess = async () => ({ status: "ok", code: 0, stdout: "", stderr: "", durationMs: 1 });

test("nobody listens while a large script loads, and afterwards again", async () => {
  const { steps, run } = scene(done);
  await run("nft", ["-f", "-"], { input: large, timeoutMs: 1 });
  expect(steps).toEqual(["hush", "run", "listen"]);
});

test("a run that throws leaves nobody deaf", async () => {
  const { steps, run } = scene(() => Promise.reject(new Error("gone")));
  await expect(run("nft", [], { input: large, timeoutMs: 1 })).rejects.toThrow("gone");
  expect(steps).toEqual(["hush", "run", "listen"]);
});

test("a small script is listened to: who writes beside it has a name", async () => {
  const { steps, run } = scene(done);
  await run("nft", ["-f", "-"], { input: "flush chain inet sluice f_1_4", timeoutMs: 1 });
  expect(steps).toEqual(["run"]);
});

test("nobody listens while the agent itself sends many elements; a few are listened to", () => {
  const steps: string[] = [];
  const edit = hushedEdit(
    () => {
      steps.push("edit");
      return "applied";
    },
    (isListening) => void steps.push(isListening ? "listen" : "hush"),
  );
  const slots = (count: number): Op[] => [
    { type: "add-elements", object: "slots", elements: Array.from({ length: count }, (_, at) => [`${at}`, "1"]) },
  ];
  expect([edit(slots(10), 1), edit(slots(1000), 2)]).toEqual(["applied", "applied"]);
  expect(steps).toEqual(["edit", "hush", "edit", "listen"]);
});
