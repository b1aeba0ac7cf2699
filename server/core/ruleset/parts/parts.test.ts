import { describe, expect, it } from "vitest";
import { testFarm } from "../../farm/farm-fixture.ts";
import type { Farm } from "../../farm/types.ts";
import { built, everyKind } from "../ruleset-fixture.ts";
import { accountPart } from "./account.ts";
import { backendsPart } from "./backends.ts";
import { dispatchPart } from "./dispatch.ts";
import { guardPart } from "./guard.ts";
import { type OwnOutput, type PartInput, type PartOutput, partInput } from "./part.ts";
import { qosPart } from "./qos.ts";
import { fixedChains } from "./skeleton.ts";
import { farmChains, slotsPart } from "./slots.ts";
import { memberAddresses, sourcePart } from "./source.ts";
import { statelessPart } from "./stateless.ts";
import { stepsPart } from "./steps.ts";
import { synproxyPart } from "./synproxy.ts";

function inputs(farms: readonly Farm[]): PartInput[] {
  const { allocation, effective } = built(farms);
  return farms.map((farm) => {
    const own = allocation.farms.get(farm.id);
    const eff = effective.get(farm.id);
    if (own === undefined || eff === undefined) throw new Error("not built");
    return partInput(allocation.tag, farm, eff, own, allocation.lists);
  });
}

function elementsText(output: PartOutput): string {
  return output
    .flatMap(([object, elements]) => Array.from(elements, ([key, data]) => `${object}: ${key}${data && ` => ${data}`}`))
    .join("\n");
}

function ownText({ features, objects, chains, elements }: OwnOutput): string {
  return [
    ...features.map((feature) => `needs ${feature}`),
    ...Array.from(objects, ([name, { declaration, elements: items }]) =>
      [`${declaration.kind} ${name}: ${declaration.type}`, ...declaration.options, ...items.keys()].join("; "),
    ),
    ...Array.from(chains, ([name, rules]) => [`chain ${name}`, ...rules].join("\n\t")),
    elementsText(elements),
  ].join("\n");
}

function golden(part: (input: PartInput) => string): string {
  return inputs(everyKind())
    .map((input) => `# ${input.farm.name}\n${part(input)}\n`)
    .join("\n");
}

describe("each part writes what its golden says", () => {
  it.each<[string, (input: PartInput) => string]>([
    ["dispatch", (input) => elementsText(dispatchPart(input))],
    ["slots", (input) => elementsText(slotsPart(input))],
    ["backends", (input) => elementsText(backendsPart(input))],
    ["account", (input) => elementsText(accountPart(input))],
    ["source", (input) => elementsText(sourcePart(input))],
    ["members", (input) => [...memberAddresses(input, 4), ...memberAddresses(input, 6)].join("\n")],
    ["guard", (input) => ownText(guardPart(input))],
    ["qos", (input) => ownText(qosPart(input))],
    ["synproxy", (input) => ownText(synproxyPart(input))],
    ["stateless", (input) => ownText(statelessPart(input))],
    ["steps", (input) => ownText(stepsPart(input))],
    ["chains", (input) => Array.from(farmChains(input), ([name, rules]) => `${name}: ${rules.join(" ; ")}`).join("\n")],
  ])("%s", async (name, part) => {
    await expect(golden(part)).toMatchFileSnapshot(`../testdata/part-${name}.txt`);
  });

  it("skeleton", async () => {
    const text = fixedChains(0x51)
      .map(({ name, hook, rules }) => [`chain ${name}`, ...(hook === null ? [] : [hook]), ...rules].join("\n\t"))
      .join("\n");
    await expect(text).toMatchFileSnapshot("../testdata/part-skeleton.txt");
  });
});

describe("parts", () => {
  it("mark the packets of the sorry server as those of the backends", () => {
    const sorryServer = { address: "198.51.100.99", port: 80 };
    const [input] = inputs([testFarm(1, undefined, { sorryServer, policy: { dscp: "cs1" } })]);
    if (input === undefined) throw new Error("not built");
    const [[, marked]] = qosPart(input).elements as [readonly [string, ReadonlyMap<string, string>]];
    expect(marked.size).toBe(3);
  });

  it("take a stopped farm out of dispatch and leave everything else", () => {
    const farm = testFarm(1);
    const [on] = inputs([farm]);
    const [off] = inputs([{ ...farm, enabled: false }]);
    if (on === undefined || off === undefined) throw new Error("not built");
    expect(dispatchPart(off)).toEqual([]);
    expect(farmChains(off)).toEqual(farmChains(on));
    expect(backendsPart(off)).toEqual(backendsPart(on));
  });

  it("do not follow the order of the backends in the document", () => {
    const farm = testFarm(1, [
      { address: "198.51.100.10", weight: 3 },
      { address: "198.51.100.11", weight: 2 },
    ]);
    const { allocation } = built([farm]);
    const turned = { ...farm, backends: [...farm.backends].reverse() };
    const both = [farm, turned].map((one) => built([one], new Map(), allocation).ruleset.fragments.get(farm.id));
    expect(both[1]?.elements).toEqual(both[0]?.elements);
  });

  it("refuse effective weights or an allocation of another farm", () => {
    const { allocation, effective } = built([testFarm(1), testFarm(2)]);
    const own = allocation.farms.get(testFarm(1).id);
    const eff = effective.get(testFarm(2).id);
    if (own === undefined || eff === undefined) throw new Error("not built");
    expect(() => partInput(0x51, testFarm(1), eff, own)).toThrow("not allocated");
  });
});
