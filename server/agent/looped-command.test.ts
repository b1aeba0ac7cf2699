import { expect, test } from "vitest";
import { createLoopedCommand } from "./looped-command.ts";

const timeoutMs = 5000;

async function output(command: readonly string[]): Promise<{ isOk: boolean; text: string }> {
  const looped = createLoopedCommand(command, () => undefined);
  let text = "";
  const isOk = await looped.run((piece) => {
    text += piece;
  }, timeoutMs);
  looped.stop();
  return { isOk, text };
}

test("gives the whole output, small or large, whole lines or not, and never its own end mark", async () => {
  expect(await output(["echo", "one"])).toEqual({ isOk: true, text: "one\n" });
  expect(await output(["true"])).toEqual({ isOk: true, text: "" });
  const large = await output(["seq", "100000"]);
  expect(large.isOk).toBe(true);
  expect(large.text.split("\n")).toHaveLength(100_001);
  expect(large.text).toContain("\n100000\n");
});

test("says when the command failed, and runs again", async () => {
  const looped = createLoopedCommand(["false"], () => undefined);
  expect(await looped.run(() => undefined, timeoutMs)).toBe(false);
  expect(await looped.run(() => undefined, timeoutMs)).toBe(false);
  looped.stop();
});

test("a command that hangs ends with its shell, and the next run has a new one", async () => {
  const lost: string[] = [];
  const looped = createLoopedCommand(["sleep", "1000"], (text) => lost.push(text));
  expect(await looped.run(() => undefined, 50)).toBe(false);
  expect(lost).toEqual(["no answer within 50 ms"]);
  expect(await looped.run(() => undefined, 50)).toBe(false);
  looped.stop();
});
