import { describe, expect, it } from "vitest";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { explain } from "./explain.ts";
import { explainPolicy } from "./explain-policy.ts";

const farm = (policy: object, more: object = {}) => testFarm(1, undefined, { policy, ...more });

describe("a change of filters and QoS is told", () => {
  it("by who may come now and who no longer", () => {
    expect(explainPolicy(farm({ deny: ["10.0.0.0/8"] }), farm({ deny: ["192.0.2.7", "10.9.0.0/16"] }))).toEqual([
      "192.0.2.7 is denied: their packets are dropped, open connections stop",
      "10.0.0.0-10.8.255.255, 10.10.0.0-10.255.255.255 are no longer denied",
    ]);
  });

  it("by addresses, however the list is written", () => {
    const [half, whole] = [farm({ deny: ["10.0.0.0/9", "@bots"] }), farm({ deny: ["10.0.0.0/8", "@spam"] })];
    expect(explainPolicy(half, whole)).toEqual([
      "10.128.0.0/9, list spam are denied: their packets are dropped, open connections stop",
      "list bots is no longer denied",
    ]);
  });

  it("with the family that an allow list shuts out", () => {
    const addresses = ["192.0.2.1", "2001:db8::1"];
    expect(explainPolicy(farm({}, { addresses }), farm({ allow: ["10.0.0.0/8"] }, { addresses }))).toEqual([
      "Only 10.0.0.0/8 may connect; packets of all others are dropped, also of open connections",
      "No IPv6 client may connect: none is allowed",
    ]);
  });

  it("by each limit, set and taken away", () => {
    const limits = { newPerSecondPerSource: 5, connectionsPerSource: 9, synPerSecond: 70, logPerSecond: 1 };
    const marks = { synProxy: true, dropInvalid: true, dscp: "ef", priority: "1:10" };
    const set = farm({ ...limits, ...marks });
    expect(explainPolicy(farm({}), set)).toEqual([
      "One client may open 5 new connections a second; more are dropped",
      "One client may hold 9 connections; more are refused, open ones stay",
      "The farm takes 70 SYN packets a second of all clients; more are dropped",
      "Clients prove that they are there before a backend is asked (SYN proxy); open connections stay",
      "Invalid packets and bogus TCP flags are dropped",
      "What is turned away is logged, at most 1 line a second",
      "Packets of both directions carry DSCP ef",
      "Packets of both directions get the tc class 1:10",
    ]);
    expect(explainPolicy(set, farm({}))).toHaveLength(8);
    expect(explainPolicy(set, set)).toEqual([]);
  });

  it("of a new farm as well", () => {
    const made = farm({ deny: ["10.0.0.0/8"], dscp: "ef" });
    const told = explain(null, made, null, effective(made, new Map()));
    expect(told).toContain("10.0.0.0/8 is denied: their packets are dropped, open connections stop");
    expect(told).toContain("Packets of both directions carry DSCP ef");
    expect(explain(null, farm({}), null, effective(farm({}), new Map()))).toHaveLength(4);
  });

  it("shortly, however long the list", () => {
    const deny = Array.from({ length: 9 }, (_, at) => `10.0.${2 * at}.0/24`);
    expect(explainPolicy(farm({}), farm({ deny }))[0]).toContain("10.0.8.0/24 and 4 more are denied");
  });
});
