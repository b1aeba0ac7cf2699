import { describe, expect, it } from "vitest";
import { emptyAllocation } from "../allocation/allocation.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { diff, repair } from "./diff.ts";
import { render, renderChunks, renderScript, renderStatements } from "./render.ts";
import { emptyRuleset, flatten } from "./ruleset.ts";
import { built, everyKind } from "./ruleset-fixture.ts";

const lines = (list: readonly string[]) => `${list.join("\n")}\n`;

describe("render", () => {
  it("writes the whole ruleset as its golden says", async () => {
    await expect(renderScript(built(everyKind()).ruleset)).toMatchFileSnapshot("testdata/every-kind.nft");
    await expect(renderScript(emptyRuleset(0x51))).toMatchFileSnapshot("testdata/empty.nft");
  });

  it("writes a first load and a repair as their goldens say", async () => {
    const { ruleset } = built([testFarm(1), testFarm(2)]);
    await expect(lines(renderStatements(diff(null, ruleset)))).toMatchFileSnapshot("testdata/load.txt");
    const mended = repair(flatten(built([testFarm(1)]).ruleset), ruleset);
    await expect(lines(renderStatements(mended))).toMatchFileSnapshot("testdata/repair.txt");
  });

  it.each([
    ["same-modulus", 25],
    ["another-modulus", 150],
    ["another-block", 75],
    ["nobody-left", 0],
  ])("writes a change of weights (%s) as its golden says", async (name, weight) => {
    const weighted = (first: number) => [
      testFarm(1, [
        { address: "198.51.100.10", weight: first },
        { address: "198.51.100.11", weight: first === 0 ? 0 : 50 },
      ]),
    ];
    const before = built(weighted(100));
    const after = built(weighted(weight), new Map(), before.allocation);
    const text = lines(renderStatements(diff(before.ruleset, after.ruleset)));
    await expect(text).toMatchFileSnapshot(`testdata/weights-${name}.txt`);
  });

  it("is one line, and empty when there is nothing to do", () => {
    const { ruleset } = built(everyKind());
    expect(render(diff(null, ruleset))).not.toContain("\n");
    expect(render(diff(ruleset, ruleset))).toBe("");
  });

  it("lets no name or note of people through", () => {
    const farm = testFarm(1, undefined, { name: "flush-ruleset", notes: '"; flush ruleset; #', tags: ["flush-it"] });
    const text = renderScript(built([farm]).ruleset) + render(diff(null, built([farm]).ruleset));
    expect(text).not.toMatch(/flush/);
    expect(text).not.toMatch(/[^\x20-\x7e\n\t]/);
  });

  it("carries the configured tag in every mark", () => {
    const text = renderScript(built(everyKind(), new Map(), emptyAllocation(0x42)).ruleset);
    expect(text).not.toMatch(/0x[5d]1/);
    expect(text).toMatch(/0xc2000000 : 0x4200000[12]/);
  });
});

describe("renderChunks", () => {
  it("holds the same statements as one transaction, dispatch elements last", () => {
    const { ruleset } = built(everyKind());
    const chunks = renderChunks(ruleset, 30);
    expect(chunks.length).toBeGreaterThan(5);
    const elements = (text: string) =>
      [...text.matchAll(/add element inet sluice (\w+) \{ (.*?) \}/g)].flatMap(([, name, list]) =>
        (list ?? "").split(", ").map((element) => `${name} ${element}`),
      );
    const whole = render(diff(null, ruleset));
    expect(elements(chunks.join("; ")).sort()).toEqual(elements(whole).sort());
    const firstDispatch = chunks.findIndex((chunk) => /element inet sluice (svc|rng|all|rawr?)[46] /.test(chunk));
    const lastOther = chunks.findLastIndex((chunk) => /element inet sluice (?!(svc|rng|all|rawr?)[46] )/.test(chunk));
    expect(firstDispatch).toBeGreaterThanOrEqual(lastOther);
    expect(chunks[0]).toContain("delete table inet sluice");
  });

  it("bounds the elements of every piece", () => {
    const farms = Array.from({ length: 60 }, (_, at) =>
      testFarm(
        at + 1,
        Array.from({ length: 20 }, (_unused, b) => ({ address: `10.1.${at}.${b + 1}` })),
      ),
    );
    for (const chunk of renderChunks(built(farms).ruleset, 500))
      expect(chunk.split(/[,;]/).length).toBeLessThanOrEqual(500 + 60);
  });
});
