import { expect, test } from "vitest";
import type { RuleWrite } from "./netlink-messages.ts";
import { createWriters } from "./writers.ts";

function setUp(isHostPid = true) {
  let queue: RuleWrite[] = [];
  let now = 10;
  const writers = createWriters(
    () => {
      const out = queue;
      queue = [];
      return out;
    },
    isHostPid,
    () => now,
  );
  const moveTo = (generation: number) => {
    now = generation;
  };
  const tell = (generation: number, pid: number, name = "nft") => void queue.push({ generation, pid, name });
  return { writers, tell, moveTo };
}

test("our own transactions name nobody, whoever else ran before", () => {
  const { writers, tell } = setUp();
  tell(11, 500);
  writers.own(10, 11, true);
  expect(writers.words()).toBeNull();
});

test("a stranger is named by name and pid, each once, until it was looked at", () => {
  const { writers, tell } = setUp();
  tell(11, 900);
  tell(12, 900);
  tell(13, 901, "iptables-nft");
  expect(writers.words()).toBe("nft (pid 900), iptables-nft (pid 901)");
  writers.settle();
  expect(writers.words()).toBeNull();
});

test("a stranger between two generations of ours is told from our child by the pid the kernel gave it", () => {
  const { writers, tell } = setUp();
  tell(11, 500);
  writers.own(10, 11, true);
  tell(12, 900);
  tell(13, 500);
  writers.own(11, 13, true);
  expect(writers.words()).toBe("nft (pid 900)");
});

test("where pids are another namespace's the words say so", () => {
  const { writers, tell } = setUp(false);
  tell(11, 900);
  expect(writers.words()).toBe("nft (pid 900 as the host counts)");
});

test("that others wrote is known from the count alone, each write once, whoever wrote before or after or at the same moment", () => {
  const { writers, moveTo } = setUp();
  expect(writers.others()).toBe(false);
  moveTo(11);
  writers.own(10, 11, false);
  expect(writers.others()).toBe(false);
  moveTo(12);
  expect([writers.others(), writers.others()]).toEqual([true, false]);
  // at once with ours, and then one that a load of ours wrote over
  moveTo(14);
  writers.own(12, 14, true);
  expect([writers.others(), writers.others()]).toEqual([true, false]);
  moveTo(16);
  writers.own(15, 16, false);
  expect([writers.others(), writers.others()]).toEqual([true, false]);
  writers.own(16, 16, true);
  expect(writers.others()).toBe(false);
});
