import { describe, expect, it } from "vitest";
import { conditionsByHealth } from "../health/condition.ts";
import { effective } from "./effective.ts";
import { testFarm, testId } from "./farm-fixture.ts";
import type { FarmWord, Health } from "./types.ts";
import { farmWord } from "./word.ts";

const places = ["198.51.100.10", "198.51.100.11", "198.51.100.12"];

function wordOf(
  backends: readonly Readonly<Record<string, unknown>>[],
  health: readonly Health[] = [],
  more: { enabled?: boolean; agentLost?: boolean; addresses?: string[]; failover?: object } = {},
) {
  const { agentLost = false, ...fields } = more;
  const farm = testFarm(
    1,
    backends.map((backend, at) => ({ address: places[at] ?? "", ...backend })),
    fields,
  );
  const known = conditionsByHealth(new Map(health.map((state, at) => [testId("backend", 1000 + at), state])));
  return farmWord(farm, effective(farm, known), known, agentLost);
}

describe("farmWord", () => {
  it.each<[string, FarmWord, ReturnType<typeof wordOf>]>([
    ["stopped before anything else", "stopped", wordOf([{}, {}], [], { enabled: false, agentLost: true })],
    ["unknown while the agent is lost", "unknown", wordOf([{}, {}], ["up", "up"], { agentLost: true })],
    ["maintenance when all are out by decision", "maintenance", wordOf([{ adminState: "drain" }, { weight: 0 }])],
    ["down when nobody serves", "down", wordOf([{}, { adminState: "drain" }], ["down"])],
    ["critical when one of several is left", "critical", wordOf([{}, {}], ["up", "down"])],
    [
      "critical when only a higher tier serves",
      "critical",
      wordOf([{}, { tier: 1 }, { tier: 1 }], ["down", "up", "up"]),
    ],
    ["problem when some do not serve", "problem", wordOf([{}, {}, {}], ["up", "up", "down"])],
    ["problem when one is degraded", "problem", wordOf([{}, {}], ["up", "degraded"])],
    ["not checked when serving without any result", "not-checked", wordOf([{}, {}])],
    ["up when all that serve are up", "up", wordOf([{}, {}], ["up", "up"])],
    ["up with a standby tier that waits", "up", wordOf([{}, { tier: 1 }], ["up", "up"])],
    ["not critical with the only backend it has", "up", wordOf([{}], ["up"])],
  ])("is %s", (_what, word, answer) => {
    expect(answer.word).toBe(word);
  });

  it("says who and why", () => {
    expect(wordOf([{}, {}, {}], ["up", "up", "down"])).toEqual({
      word: "problem",
      serving: 2,
      total: 3,
      reason: "b-3 is down",
    });
    expect(wordOf([{}, {}, { adminState: "drain" }]).reason).toBe("b-3 is draining");
    expect(wordOf([{}, {}], ["up", "up"]).reason).toBeNull();
    expect(wordOf([{}, {}], ["up", "down"]).reason).toBe("Only one backend takes new connections: b-2 is down");
    expect(wordOf([{}, {}, {}], ["up", "down", "down"], { failover: { quorum: 2 } }).reason).toBe(
      "No backend takes new connections: 1 can, and the farm asks for 2",
    );
  });

  it("is critical when one family's address has nobody", () => {
    const answer = wordOf([{}, { address: "2001:db8::1", adminState: "drain" }], ["up"], {
      addresses: ["192.0.2.1", "2001:db8:1::1"],
    });
    expect(answer).toMatchObject({ word: "critical", reason: "No IPv6 backend takes new connections" });
  });
});
