import { describe, expect, test } from "vitest";
import { readHostView } from "./links.ts";
import type { RunProcess } from "./run-process.ts";

const neighbour = (dst: string, dev: string, more: object = {}) => ({ dst, dev, lladdr: "02:00:00:00:00:01", ...more });

function answering(neighbours: unknown): RunProcess {
  return async (_file, words) => ({
    status: "ok",
    code: 0,
    durationMs: 1,
    stdout: words.includes("neigh") ? JSON.stringify(neighbours) : "[]",
    stderr: "",
  });
}

async function known(neighbours: unknown): Promise<[string, string][] | null> {
  const view = await readHostView(answering(neighbours));
  return view === null ? null : Array.from(view.neighbours, ([address, { device }]) => [address, device]);
}

describe("neighbours", () => {
  test("count when the kernel has a hardware address of them that it still believes", async () => {
    const seen = [
      neighbour("198.51.100.1", "eth0", { state: ["REACHABLE"] }),
      neighbour("198.51.100.2", "eth0.100", { state: ["STALE"] }),
      neighbour("198.51.100.3", "eth0", { state: ["FAILED"] }),
      neighbour("198.51.100.4", "eth0", { lladdr: undefined, state: ["INCOMPLETE"] }),
    ];
    expect(await known(seen)).toEqual([
      ["198.51.100.1", "eth0"],
      ["198.51.100.2", "eth0.100"],
    ]);
  });

  test.each(['a"', "a;flush", "{}", "eth*", "a\\", "a b", "é", "x".repeat(16), ""])(
    "behind a device called %j are not known: no such name reaches a rule",
    async (device) => {
      expect(await known([neighbour("198.51.100.1", device), neighbour("198.51.100.2", "d-1.2_3")])).toEqual([
        ["198.51.100.2", "d-1.2_3"],
      ]);
    },
  );

  test("of an answer of another shape are none", async () => {
    expect(await known({ nonsense: true })).toBeNull();
    expect(await known([neighbour("198.51.100.1", "eth0", { lladdr: "02:00; flush ruleset" })])).toBeNull();
  });
});
