import { describe, expect, it } from "vitest";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { explain } from "./explain.ts";

const none = new Map();

function said(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  const was = testFarm(1, undefined, before);
  const is = testFarm(1, undefined, after);
  return explain(was, is, effective(was, none), effective(is, none));
}

describe("sentences about stickiness", () => {
  it("say for how long, by which prefix, and when memory is lost", () => {
    expect(said({}, { persistence: {} })).toEqual(["Clients stay with their backend for 120 s (IPv6 by /64)"]);
    expect(said({ persistence: {} }, { persistence: { timeoutS: 60 } })[0]).not.toContain("forgotten");
    expect(said({ persistence: {} }, { persistence: { prefixV4: 24 } })[0]).toContain(
      "what was remembered is forgotten",
    );
    expect(said({ persistence: {} }, { persistence: { size: 50 } })[0]).toContain("at most 50 of each family");
    expect(said({ persistence: {} }, {})).toEqual(["Clients are no longer sticky"]);
  });

  it("name pins that come and go", () => {
    const pin = (client: string, backend: string) => ({ client, backend });
    expect(said({ pins: [pin("10.0.0.1", "b-1")] }, { pins: [pin("10.0.0.2", "b-2")] })).toEqual([
      "10.0.0.2 is pinned to b-2",
      "10.0.0.1 is no longer pinned",
    ]);
  });

  it("say when the sorry server steps in and back", () => {
    const sorryServer = { address: "198.51.100.9", port: 81 };
    const serving = testFarm(1, [{ address: "198.51.100.10" }], { sorryServer });
    const empty = testFarm(1, [{ address: "198.51.100.10", weight: 0 }], { sorryServer });
    const change = (a: typeof serving, b: typeof serving) => explain(a, b, effective(a, none), effective(b, none));
    expect(change(serving, empty).join()).toContain("the sorry server 198.51.100.9 answers them");
    expect(change(empty, serving).join()).toContain("The sorry server stands back");
    expect(said({}, { sorryServer })).toEqual([
      "When no backend serves, 198.51.100.9 port 81 answers (the sorry server)",
    ]);
  });

  it("say what a connection limit counts", () => {
    const limited = (maxConnections: number | null) =>
      testFarm(1, [{ address: "198.51.100.10", maxConnections }, { address: "198.51.100.11" }]);
    const change = (a: number | null, b: number | null) =>
      explain(limited(a), limited(b), effective(limited(a), none), effective(limited(b), none)).join();
    expect(change(null, 10)).toContain("takes at most 10 connections at once, counted from now on");
    expect(change(10, 20)).toContain("connection limit 10 to 20, counted anew");
    expect(change(20, null)).toContain("has no connection limit any more");
  });
});
