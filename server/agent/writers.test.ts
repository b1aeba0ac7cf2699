import { expect, test } from "vitest";
import type { RuleWrite } from "./netlink-messages.ts";
import { createWriters } from "./writers.ts";

function setUp(isHostPid = true) {
  let queue: RuleWrite[] = [];
  const writers = createWriters(() => {
    const out = queue;
    queue = [];
    return out;
  }, isHostPid);
  const tell = (generation: number, pid: number, name = "nft") => void queue.push({ generation, pid, name });
  return { writers, tell };
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
