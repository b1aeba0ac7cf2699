import { expect, test } from "vitest";
import { type FarmTraffic, farmHints, type HostFacts, unknownFacts, vipState } from "./vips.ts";

const interfaces = [
  { name: "lo", address: "127.0.0.1", prefixLength: 8 },
  { name: "eth0", address: "192.168.0.1", prefixLength: 24 },
  { name: "eth0", address: "2001:db8::1", prefixLength: 64 },
];
const well: HostFacts = {
  ...unknownFacts,
  forward4: true,
  forward6: true,
  rpFilter: 0,
  conntrackUsed: 10,
  conntrackMax: 1000,
};
const farm: FarmTraffic = {
  hasV4: true,
  hasV6: false,
  isEnabled: true,
  newPerS: 5,
  unanswered: [],
  place: [],
  foreign: [],
};

test("a VIP that an interface carries is local, one that was counted lately is routed here", () => {
  expect(vipState("192.168.0.1", interfaces, false)).toMatchObject({ place: "local", command: null });
  expect(vipState("192.168.0.40", interfaces, true)).toMatchObject({ place: "routed", command: null });
  expect(vipState("192.168.0.40", null, true)).toMatchObject({ place: "unknown" });
});

test("what is not here comes with the command that adds it to the interface of its network, else to lo", () => {
  expect(vipState("192.168.0.40", interfaces, false).command).toBe("ip addr add 192.168.0.40/32 dev eth0");
  expect(vipState("2001:db8::40", interfaces, false).command).toBe("ip addr add 2001:db8::40/128 dev eth0");
  expect(vipState("2001:db8:0:1::40", interfaces, false).command).toBe("ip addr add 2001:db8:0:1::40/128 dev lo");
  expect(vipState("10.0.0.1", interfaces, false).command).toBe("ip addr add 10.0.0.1/32 dev lo");
});

test("a host that is set up well gives no hint, and neither does a stopped farm", () => {
  expect(farmHints(well, farm)).toEqual([]);
  expect(farmHints({ ...well, forward4: false }, { ...farm, isEnabled: false })).toEqual([]);
});

test("each reason for no traffic is a sentence of its own with what to do", () => {
  const hints = farmHints(
    { ...unknownFacts, forward4: false, rpFilter: 1, conntrackUsed: 950, conntrackMax: 1000 },
    {
      ...farm,
      newPerS: 0,
      foreign: ["Chain FORWARD drops"],
      unanswered: [{ name: "web-1", count: 4 }],
      place: [vipState("10.0.0.1", interfaces, false)],
    },
  );
  for (const part of [
    "net.ipv4.ip_forward=1",
    "95 % full",
    "Chain FORWARD drops",
    "dev lo",
    "SYN without answer: 4 connections to web-1",
    "rp_filter",
  ])
    expect(hints.join("\n")).toContain(part);
});
