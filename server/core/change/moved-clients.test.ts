import { describe, expect, it } from "vitest";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";
import { explain } from "./explain.ts";
import { movedClientsPct, movedClientsSentences } from "./moved-clients.ts";

const backends = (weights: readonly number[]) =>
  weights.map((weight, at) => ({ address: `198.51.100.${at + 1}`, weight }));
const hashed = (weights: readonly number[], more: object = {}) =>
  testFarm(1, backends(weights), { scheduler: "source-hash", ...more });
const state = (farm: Farm) => ({ farm, eff: effective(farm, new Map()) });
const moved = (before: Farm, after: Farm) => movedClientsPct(state(before), state(after), 4);
const said = (before: Farm, after: Farm) => movedClientsSentences(state(before), state(after));

describe("clients that move", () => {
  it("are none when no slot changes hands", () => {
    expect(moved(hashed([1, 1]), hashed([1, 1]))).toBe(0);
    expect(said(hashed([1, 1]), hashed([1, 1], { notes: "x" }))).toEqual([]);
  });

  it("are the share of a backend that leaves, by rendezvous", () => {
    const [ten, nine] = [hashed(Array(10).fill(1)), hashed(Array(9).fill(1))];
    expect(moved(ten, nine)).toBeGreaterThan(7);
    expect(moved(ten, nine)).toBeLessThan(13);
    expect(said(ten, nine)).toEqual([
      `About ${moved(ten, nine).toFixed(1)} % of clients meet another backend at their next connection`,
    ]);
  });

  it("are counted over tables of different sizes", () => {
    // 16 backends have 1,024 slots, 17 have 2,048: one half of each old slot is dealt anew
    const pct = moved(hashed(Array(16).fill(1)), hashed(Array(17).fill(1)));
    expect(pct).toBeGreaterThan(40);
    expect(pct).toBeLessThan(60);
    expect(moved(hashed([1]), hashed([1], { scheduler: "maglev" }))).toBe(0);
  });

  it("are most when something else is hashed, and not spoken of where nothing was", () => {
    const byPort = hashed([1, 1], { hashFields: ["source-port"] });
    expect(said(hashed([1, 1]), byPort)).toEqual([
      "Clients are dealt anew: most meet another backend at their next connection",
    ]);
    expect(said(hashed([1, 1], { scheduler: "weighted" }), hashed([1, 1]))).toEqual([]);
  });

  it("are named in the sentences of a change, each family by itself", () => {
    const both = (weight: number) =>
      testFarm(1, [...backends([100, weight]), { address: "2001:db8::1" }, { address: "2001:db8::2" }], {
        scheduler: "maglev",
        addresses: ["192.0.2.1", "2001:db8:1::1"],
      });
    const [before, after] = [state(both(100)), state(both(50))];
    const sentences = explain(before.farm, after.farm, before.eff, after.eff);
    expect(sentences.filter((text) => text.includes("meet another backend"))).toEqual([
      expect.stringMatching(/^About 1[67]\.\d % of IPv4 clients/),
    ]);
  });

  it("stand beside shares as the slots have them, where they are not the planned ones", () => {
    const [before, after] = [state(hashed([100, 100, 100])), state(hashed([100, 100, 50]))];
    const [first] = explain(before.farm, after.farm, before.eff, after.eff);
    expect(first).toMatch(
      /^b-3 weight 100 to 50: takes 20\.0 % \(\d+\.\d % by slots\) of new connections instead of 33\.3 %$/,
    );
    const exact = { ...after.farm, scheduler: "weighted" as const };
    expect(explain(before.farm, exact, before.eff, after.eff).join(" ")).not.toContain("by slots");
  });
});
