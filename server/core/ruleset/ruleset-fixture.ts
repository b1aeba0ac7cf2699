/** Rulesets for tests: farms taken through effective, allocation and compile, and ops applied to a plain model of the kernel. */

import { type Allocation, allocateFarm, allocateLists, emptyAllocation } from "../allocation/allocation.ts";
import { type EffectiveFarm, effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm, Health } from "../farm/types.ts";
import { conditionsByHealth } from "../health/condition.ts";
import { compile } from "./compile.ts";
import { filterKinds } from "./filter-fixture.ts";
import { forwardingKinds } from "./forwarding-fixture.ts";
import { fixtureLists, listKinds } from "./list-fixture.ts";
import { isObjectName } from "./listing-json.ts";
import { type FlatRuleset, type ListedObject, type ObjectName, objectNames, type Ruleset } from "./model.ts";
import type { Op } from "./ops.ts";
import { ruleKey } from "./signature.ts";
import { stickyKinds } from "./sticky-fixture.ts";

export type Built = {
  readonly ruleset: Ruleset;
  readonly allocation: Allocation;
  readonly effective: ReadonlyMap<string, EffectiveFarm>;
};

/** All farms, allocated in the order given, compiled; they may refer to the lists of list-fixture.ts. */
export function built(
  farms: readonly Farm[],
  health: ReadonlyMap<string, Health> = new Map(),
  start: Allocation = emptyAllocation(),
): Built {
  let allocation = allocateLists(
    start,
    fixtureLists.map(({ name }) => name),
  );
  const effectives = new Map<string, EffectiveFarm>();
  for (const farm of farms) {
    const eff = effective(farm, conditionsByHealth(health));
    const result = allocateFarm(allocation, farm, eff);
    if (!result.ok) throw new Error(result.error.text);
    allocation = result.value;
    effectives.set(farm.id, eff);
  }
  return {
    ruleset: compile(farms, effectives, allocation, undefined, fixtureLists),
    allocation,
    effective: effectives,
  };
}

/** One farm of each kind this version builds. */
export function everyKind(): Farm[] {
  const v4 = (port: number | null, more: object = {}) => [
    { address: "198.51.100.10", port, ...more },
    { address: "198.51.100.11", port, weight: 50 },
  ];
  const v6 = (port: number | null) => [
    { address: "2001:db8::10", port },
    { address: "2001:db8::11", port },
  ];
  return [
    testFarm(1, v4(80), { scheduler: "round-robin" }),
    testFarm(2, v4(80)),
    testFarm(3, v4(null), { ports: [80, 443, "8000-8007"] }),
    testFarm(4, v4(53), { protocol: "udp", ports: [53], scheduler: "random" }),
    testFarm(5, v6(8080), { addresses: ["2001:db8:1::5"] }),
    testFarm(6, [...v4(80), ...v6(null)], {
      addresses: ["192.0.2.6", "192.0.2.66", "2001:db8:1::6"],
      forwarding: "snat",
      snatAddress: "192.0.2.99",
    }),
    testFarm(7, v4(80), { forwarding: "snat" }),
    testFarm(8, v4(null), { ports: [] }),
    testFarm(9, v4(80), { enabled: false }),
    testFarm(10, v4(80, { adminState: "maintenance" }).slice(0, 1)),
    testFarm(11, v4(80, { adminState: "drain" }).slice(0, 1), { onAllDown: "drop" }),
    testFarm(12, v6(null), { addresses: ["2001:db8:1::12"], protocol: "udp", ports: ["1000-2000", 53] }),
    ...filterKinds(),
    ...forwardingKinds(),
    ...stickyKinds(),
    ...listKinds(),
  ];
}

/** What the kernel would have: refuses what the kernel refuses (missing keys, keys there with other data, chains still in use). */
export function afterOps(before: FlatRuleset | null, ops: readonly Op[]): FlatRuleset {
  const kernel = new PlainKernel(before);
  for (const op of ops) kernel.apply(op);
  return kernel.state();
}

/** Comparable: every object there, keys sorted. */
export function comparable(flat: FlatRuleset): unknown {
  const sorted = <V>(map: ReadonlyMap<string, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    chains: sorted(flat.chains).map(([name, rules]) => [name, rules.map(ruleKey)]),
    objects: sorted(flat.objects).map(([name, { kind, elements }]) => [name, kind, sorted(elements)]),
    elements: objectNames.map((name) => [name, sorted(flat.elements.get(name) ?? new Map())]),
  };
}

class PlainKernel {
  #tag = 0;
  #chains = new Map<string, string[]>();
  #objects = new Map<string, ListedObject & { elements: Map<string, string> }>();
  #elements = new Map<ObjectName, Map<string, string>>();

  constructor(before: FlatRuleset | null) {
    if (before === null) return;
    this.#tag = before.tag;
    this.#chains = new Map(Array.from(before.chains, ([name, rules]) => [name, [...rules]]));
    this.#objects = new Map(
      Array.from(before.objects, ([name, object]) => [name, { ...object, elements: new Map(object.elements) }]),
    );
    this.#elements = new Map(Array.from(before.elements, ([name, elements]) => [name, new Map(elements)]));
  }

  apply(op: Op): void {
    switch (op.type) {
      case "replace-table":
        this.#tag = op.tag;
        this.#chains.clear();
        this.#objects.clear();
        this.#elements.clear();
        return;
      case "redeclare":
        return;
      case "add-object":
        if (this.#objects.has(op.object)) throw new Error(`EEXIST ${op.object}`);
        this.#objects.set(op.object, { kind: op.declaration.kind, declaration: op.declaration, elements: new Map() });
        return;
      case "delete-object":
        this.#deleteObject(op.object);
        return;
      case "add-chain":
        this.#chains.set(op.chain, this.#chains.get(op.chain) ?? []);
        return;
      case "flush-chain":
        this.#rules(op.chain).length = 0;
        return;
      case "rewrite-chain":
        this.#rules(op.chain).splice(0, Number.POSITIVE_INFINITY, ...op.rules);
        return;
      case "add-rule":
        this.#rules(op.chain).push(op.rule);
        return;
      case "delete-chain":
        this.#deleteChain(op.chain);
        return;
      case "add-elements":
        for (const [key, data] of op.elements) this.#addElement(op.object, key, data);
        return;
      case "delete-elements":
        for (const key of op.keys) if (!this.#of(op.object).delete(key)) throw new Error(`ENOENT ${op.object} ${key}`);
    }
  }

  state(): FlatRuleset {
    return { tag: this.#tag, chains: this.#chains, objects: this.#objects, elements: this.#elements };
  }

  #addElement(object: string, key: string, data: string): void {
    const elements = this.#of(object);
    if (elements.has(key) && elements.get(key) !== data) throw new Error(`EEXIST ${object} ${key}`);
    if (data.startsWith("goto ") && !this.#chains.has(data.slice(5))) throw new Error(`ENOENT ${data}`);
    elements.set(key, data);
  }

  #deleteObject(name: string): void {
    for (const rules of this.#chains.values())
      if (rules.some((rule) => rule.includes(`@${name} `))) throw new Error(`EBUSY ${name}`);
    if (!this.#objects.delete(name)) throw new Error(`ENOENT ${name}`);
  }

  #deleteChain(chain: string): void {
    for (const elements of this.#elements.values())
      for (const data of elements.values()) if (data === `goto ${chain}`) throw new Error(`EBUSY ${chain}`);
    if (!this.#chains.delete(chain)) throw new Error(`ENOENT ${chain}`);
  }

  #rules(chain: string): string[] {
    const rules = this.#chains.get(chain);
    if (rules === undefined) throw new Error(`ENOENT ${chain}`);
    return rules;
  }

  #of(object: string): Map<string, string> {
    if (!isObjectName(object)) {
      const own = this.#objects.get(object);
      if (own === undefined) throw new Error(`ENOENT ${object}`);
      return own.elements;
    }
    const elements = this.#elements.get(object) ?? new Map<string, string>();
    this.#elements.set(object, elements);
    return elements;
  }
}
