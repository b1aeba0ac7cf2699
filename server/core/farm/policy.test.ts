import { describe, expect, it } from "vitest";
import { testFarm } from "./farm-fixture.ts";
import { marksPackets, noPolicy, policyIssues, policySchema, turnsAway } from "./policy.ts";
import { parseFarm } from "./validate.ts";

const farm = (policy: object, more: object = {}) => testFarm(1, undefined, { policy, ...more });

describe("filters and QoS of a farm", () => {
  it("are off by default and need no hook then", () => {
    expect(policySchema.parse({})).toEqual(noPolicy);
    expect([turnsAway(noPolicy), marksPackets(noPolicy)]).toEqual([false, false]);
  });

  it.each<object>([
    { allow: ["10.0.0.0/8"] },
    { deny: ["::/0"] },
    { newPerSecondPerSource: 1 },
    { connectionsPerSource: 1 },
    { synPerSecond: 1 },
    { dropInvalid: true },
  ])("turn packets away with %j", (policy) => {
    expect(turnsAway(farm(policy).policy)).toBe(true);
    expect(parseFarm(farm(policy)).ok).toBe(true);
  });

  it.each<object>([{ dscp: 46 }, { priority: "1:10" }])("mark packets with %j", (policy) => {
    expect(marksPackets(farm(policy).policy)).toBe(true);
    expect(turnsAway(farm(policy).policy)).toBe(false);
  });

  it.each<[string, object, object, RegExp]>([
    ["synPerSecond", { synPerSecond: 5 }, { protocol: "udp" }, /protocol tcp/],
    ["synProxy", { synProxy: true }, { protocol: "udp" }, /protocol tcp/],
    ["logPerSecond", { logPerSecond: 5 }, {}, /set a list or a limit/],
    ["logPerSecond", { logPerSecond: 5, dscp: "ef" }, {}, /set a list or a limit/],
    ["deny", { deny: ["10.0.0.0/8"] }, { forwarding: "stateless", scheduler: "source-hash" }, /dnat or snat/],
    ["dscp", { dscp: "ef" }, { forwarding: "dsr" }, /dnat or snat/],
  ])("are refused at policy.%s when that cannot work: %j %j", (field, policy, more, reason) => {
    expect(policyIssues(farm(policy, more))).toMatchObject([
      { path: `policy.${field}`, message: expect.stringMatching(reason) },
    ]);
  });

  it("count what connection tracking takes for a connection, whatever the protocol", () => {
    const limits = { newPerSecondPerSource: 5, connectionsPerSource: 5 };
    expect(policyIssues(farm(limits, { protocol: "all", ports: [] }))).toEqual([]);
  });

  it.each<[object, string]>([
    [{ newPerSecondPerSource: 0 }, "A rate is a whole number from 1 to 1,000,000"],
    [{ connectionsPerSource: 1.5 }, "A number of connections is a whole number from 1 to 1,000,000"],
    [{ logPerSecond: 1001 }, "A rate is a whole number from 1 to 1,000"],
    [{ dscp: "gold" }, '"gold" is not a DSCP: write a name like af21 or ef, or a number from 0 to 63'],
    [{ deny: ["10.0.0.1/8"] }, "10.0.0.1/8 has bits behind the prefix; write 10.0.0.0/8 or the address alone"],
  ])("of %j are refused in words", (policy, message) => {
    expect(policySchema.safeParse(policy).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});
