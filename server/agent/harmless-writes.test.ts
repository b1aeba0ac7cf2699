import { expect, test } from "vitest";
import type { Op } from "../core/ruleset/ops.ts";
import { createHarmlessWrites } from "./harmless-writes.ts";

const slots: Op = { type: "delete-elements", object: "slots", keys: ["0xd1000000"] };
const counted: Op = { type: "delete-elements", object: "bin", keys: ["0x51000001"] };

test("between two generations nothing else was written only if each step was one of ours that moved slots", () => {
  const writes = createHarmlessWrites();
  writes.done([slots], 0x1fffe);
  writes.done([slots], 0x1ffff);
  writes.done([slots, counted], 0x20000);
  expect(writes.only(0xfffe, 0xfffe)).toBe(true);
  expect(writes.only(0xfffe, 0)).toBe(true);
  expect(writes.only(0xfffd, 0)).toBe(false);
  expect(writes.only(0xfffe, 1)).toBe(false);
  expect(writes.only(0, 0xfffe)).toBe(false);
});

test("a number that came round again is what it was last", () => {
  const writes = createHarmlessWrites();
  writes.done([slots], 10);
  writes.done([counted], 10 + 0x10000);
  expect(writes.only(10, 11)).toBe(false);
});
