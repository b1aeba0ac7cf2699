import { describe, expect, it } from "vitest";
import { allocateFarm, emptyAllocation } from "../../allocation/allocation.ts";
import { effective } from "../../farm/effective.ts";
import { testFarm } from "../../farm/farm-fixture.ts";
import { conditionsByLinks } from "../../farm/host-view.ts";
import type { Farm } from "../../farm/types.ts";
import { directHost } from "../direct-host-fixture.ts";
import { features } from "../model.ts";
import { built, everyKind } from "../ruleset-fixture.ts";
import { accountPart } from "./account.ts";
import { backendsPart } from "./backends.ts";
import { dispatchPart } from "./dispatch.ts";
import { dsrPart } from "./dsr.ts";
import { featureChains } from "./features.ts";
import { guardPart } from "./guard.ts";
import { type OwnOutput, type PartInput, type PartOutput, partInput } from "./part.ts";
import { qosPart } from "./qos.ts";
import { type FixedChain, fixedChains } from "./skeleton.ts";
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

function chainsText(chains: readonly FixedChain[]): string {
  return chains
    .map(({ name, hook, rules }) => [`chain ${name}`, ...(hook === null ? [] : [hook]), ...rules].join("\n\t"))
    .join("\n");
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

  it("dsr", async () => {
    await expect(ownText(dsrPart(directInput()))).toMatchFileSnapshot("../testdata/part-dsr.txt");
  });

  it("skeleton", async () => {
    await expect(chainsText(fixedChains(0x51))).toMatchFileSnapshot("../testdata/part-skeleton.txt");
  });

  it("features", async () => {
    const text = [...features, "ingress:d0" as const]
      .map((feature) => `# ${feature}\n${chainsText(featureChains(0x51, feature))}\n`)
      .join("\n");
    await expect(text).toMatchFileSnapshot("../testdata/part-features.txt");
  });
});

/** A farm that answers past the balancer, on a host that knows the way to both machines. */
function directInput(): PartInput {
  const backends = Array.from(directHost.neighbours.keys(), (address, at) => ({
    address,
    port: null,
    weight: 2 - (at % 2),
  }));
  const more = { addresses: ["192.0.2.1", "2001:db8:1::1"], forwarding: "dsr", ports: [80, "8000-8010"] };
  const farm = testFarm(1, backends, more);
  const eff = { ...effective(farm, conditionsByLinks(farm, new Map(), directHost)), host: directHost };
  const allocated = allocateFarm(emptyAllocation(), farm, eff);
  const own = allocated.ok ? allocated.value.farms.get(farm.id) : undefined;
  if (!allocated.ok || own === undefined) throw new Error("not built");
  return partInput(allocated.value.tag, farm, eff, own, allocated.value.lists);
}

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
