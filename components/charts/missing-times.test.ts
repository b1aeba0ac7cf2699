import { expect, test } from "vitest";
import type { AgentState } from "@/server/core/metrics/feed.ts";
import { missingProbe, missingTraffic } from "./missing-times.ts";

const text = "kernel 6.1 puts no time on its events, 6.14 and later do: connect times are those of probes";
const agent = {
  features: [{ name: "latency from real traffic", ok: false, text }],
} as Partial<AgentState> as AgentState;

test("a chart of times says why it has none: the protocol, or what the kernel lacks", () => {
  expect(missingProbe({ protocol: "udp" })).toMatch(/no connect probe/);
  expect(missingTraffic({ protocol: "udp" }, null, false)).toMatch(/Only TCP connections/);
  expect(missingTraffic({ protocol: "tcp" }, agent, false)).toBe(`Not measured from real traffic: ${text}.`);
});

test("what was measured is drawn, although the kernel times nothing any more", () => {
  expect([missingTraffic({ protocol: "tcp" }, agent, true), missingTraffic({ protocol: "tcp" }, null, false)]).toEqual([
    null,
    null,
  ]);
});
