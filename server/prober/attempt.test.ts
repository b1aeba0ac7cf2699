import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Answer, beginAttempt, failBySocket, shortQuote } from "./attempt.ts";

function begin(timeoutMs: number) {
  const answers: Answer[] = [];
  let freed = 0;
  const attempt = beginAttempt(timeoutMs, (answer) => answers.push(answer), { free: () => void freed++ });
  return { attempt, answers, freed: () => freed };
}

test("an attempt answers once and frees once, whatever comes after", async () => {
  const { attempt, answers, freed } = begin(20);
  attempt.connected();
  attempt.good("status 200");
  attempt.bad("reset", "connection reset");
  failBySocket(attempt, new Error("late"));
  await wait(40);
  expect(freed()).toBe(1);
  expect(answers).toEqual([
    { connectUs: expect.any(Number), tookUs: expect.any(Number), error: null, text: "status 200", degraded: false },
  ]);
});

test("a deadline that comes in the same turn as the answer does not beat it", async () => {
  const { attempt, answers } = begin(10);
  const until = performance.now() + 30;
  setTimeout(() => setImmediate(() => attempt.good()), 1);
  while (performance.now() < until);
  await expect.poll(() => answers.length).toBe(1);
  expect(answers[0]?.error).toBeNull();
});

test("time in which the process did not run is not the backend's", async () => {
  const { attempt, answers } = begin(20);
  const until = performance.now() + 200;
  while (performance.now() < until);
  setTimeout(() => attempt.good(), 5);
  await expect.poll(() => answers.length).toBe(1);
  expect(answers[0]?.error).toBeNull();
});

test("words of a backend come through few and harmless, and a text fits the wire", () => {
  expect(shortQuote("disk\u0000 <script>\nfull \u{1f4a5}é; rm -rf /")).toBe("disk script full rm -rf /");
  expect(shortQuote("x".repeat(500))).toHaveLength(60);
  const { attempt, answers } = begin(1000);
  attempt.bad("other", `größer ${"x".repeat(500)}`);
  expect(answers[0]?.text).toMatch(/^gr\?\?er x{193}$/);
});
