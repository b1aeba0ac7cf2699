import { expect, test } from "vitest";
import { timedUs } from "./cpu.ts";

test("the client's time is the last line, user and system together", () => {
  expect(timedUs("Requests per second: 9000\n100% 3\n0.250 1.500\n")).toBe(1_750_000);
});
