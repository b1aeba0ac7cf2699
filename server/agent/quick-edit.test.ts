import { expect, test } from "vitest";
import type { Op } from "../core/ruleset/ops.ts";
import { createQuickEdit, nextGeneration } from "./quick-edit.ts";
import type { BatchAnswer } from "./rule-socket.ts";

function setUp(answer: BatchAnswer = "applied") {
  const sent: number[] = [];
  const edit = createQuickEdit({
    list: () => [],
    commit: ({ bytes }) => {
      sent.push(bytes.byteLength);
      return answer;
    },
  });
  return { sent, edit };
}

const slot: Op = { type: "add-elements", object: "slots", elements: [["0xd1000000", "0x51000001"]] };

test("an edit of slots is sent; what the kernel did not take was not done", () => {
  const { sent, edit } = setUp();
  expect([edit([slot], 5), sent.length]).toEqual(["applied", 1]);
  expect(setUp("refused").edit([slot], 5)).toBe("not-done");
  expect(setUp("unknown").edit([slot], 5)).toBe("unknown");
});

test.each<[string, readonly Op[]]>([
  ["nothing at all", []],
  ["a verdict", [slot, { type: "delete-elements", object: "svc4", keys: ["192.0.2.1 . tcp . 80"] }]],
  ["a new chain", [slot, { type: "add-chain", chain: "f_1_4", hook: null }]],
  [
    "a chain that is not as long as it was",
    [{ type: "rewrite-chain", chain: "f_1_4", before: ["a"], rules: ["a", "b"] }],
  ],
  ["rules that are not there", [{ type: "rewrite-chain", chain: "f_1_4", before: ["a"], rules: ["b"] }]],
  ["more than the socket takes", [{ ...slot, elements: Array.from({ length: 8001 }, () => ["0x1", "0x2"] as const) }]],
])("with %s in it nothing is sent", (_, ops) => {
  const { sent, edit } = setUp();
  expect([edit(ops, 5), sent]).toEqual(["not-done", []]);
});

test("the generation after the last one is 1", () => {
  expect([nextGeneration(7), nextGeneration(0xffffffff)]).toEqual([8, 1]);
});
