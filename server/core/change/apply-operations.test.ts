import { describe, expect, test } from "vitest";
import type { Farm } from "../farm/types.ts";
import { type Applied, applyOperations, type Desired, emptyDesired, isConflict } from "./apply-operations.ts";
import type { Operation } from "./operation.ts";
import { backendId, sampleFarm, uuid } from "./sample.testing.ts";

const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };
const put = (farm: Farm, base: number | null): Operation => ({ type: "put-farm", base, farm });
const weigh = (farm: number, base: number | null, weights: Record<string, number>): Operation => ({
  type: "set-weights",
  base,
  farmId: uuid(farm),
  weights,
});
const next = (n: number, actor = ann) => ({ epoch: 1, n, actor, at: n * 1000 });

function applied(desired: Desired, operations: readonly Operation[], n: number, actor = ann): Applied {
  const result = applyOperations(desired, operations, next(n, actor));
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

const farm1 = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const farm2 = sampleFarm(2, [{ weight: 10 }]);
const both = applied(emptyDesired(), [put(farm1, null), put(farm2, null)], 1).desired;

describe("versions", () => {
  test("a stale base is refused as a conflict that carries both sides, and nothing changes", () => {
    const later = applied(both, [weigh(1, 1, { [backendId(1, 0)]: 80 })], 2, bob).desired;
    const result = applyOperations(later, [weigh(1, 1, { [backendId(1, 0)]: 70 })], next(3));
    if (result.ok || !isConflict(result.error)) throw new Error("expected a conflict");
    expect(result.error.conflicts).toEqual([
      { farmId: uuid(1), base: 1, version: 2, farm: later.farms.get(uuid(1))?.farm, actor: bob, at: 2000 },
    ]);
    expect(result.error.text).toBe("Farm farm-1 changed meanwhile by Bob; nothing was changed");
    expect(later.farms.get(uuid(1))?.farm.backends[0]?.weight).toBe(80);
  });

  test("creating a farm whose id exists is a conflict, whose name exists names the field", () => {
    const sameId = applyOperations(both, [put(farm1, null)], next(2));
    expect(!sameId.ok && isConflict(sameId.error) && sameId.error.conflicts[0]?.version).toBe(1);
    const sameName = applyOperations(both, [put(sampleFarm(3, [{}], { name: "farm-1" }), null)], next(2));
    expect(!sameName.ok && sameName.error).toMatchObject({ code: "invalid", issues: [{ path: "name" }] });
  });

  test("a base on a farm that was removed is a conflict with nothing on the other side", () => {
    const without = applied(both, [{ type: "remove-farm", base: 1, farmId: uuid(1) }], 2).desired;
    const result = applyOperations(without, [weigh(1, 1, {})], next(3));
    if (result.ok || !isConflict(result.error)) throw new Error("expected a conflict");
    expect(result.error.conflicts).toEqual([
      { farmId: uuid(1), base: 1, version: null, farm: null, actor: null, at: null },
    ]);
  });

  test("two weights changes of different farms do not conflict", () => {
    const first = applied(both, [weigh(1, 1, { [backendId(1, 0)]: 5 })], 2).desired;
    const second = applied(first, [weigh(2, 1, { [backendId(2, 0)]: 6 })], 3).desired;
    expect(second.farms.get(uuid(1))).toMatchObject({
      version: 2,
      farm: { backends: [{ weight: 5 }, { weight: 50 }] },
    });
    expect(second.farms.get(uuid(2))).toMatchObject({ version: 3, farm: { backends: [{ weight: 6 }] } });
  });

  test("several operations of one change name the version before the change", () => {
    const operations: Operation[] = [
      weigh(1, 1, { [backendId(1, 0)]: 1 }),
      { type: "set-admin-state", base: 1, farmId: uuid(1), states: { [backendId(1, 1)]: "drain" } },
    ];
    const { desired, touched } = applied(both, operations, 2);
    expect(touched).toEqual([uuid(1)]);
    expect(desired.farms.get(uuid(1))?.farm.backends.map(({ weight, adminState }) => [weight, adminState])).toEqual([
      [1, "active"],
      [50, "drain"],
    ]);
  });
});

describe("a change is taken whole or not at all", () => {
  test("a wrong second operation leaves the first one undone", () => {
    const operations = [weigh(1, 1, { [backendId(1, 0)]: 1 }), weigh(2, 1, { [backendId(1, 0)]: 1 })];
    const result = applyOperations(both, operations, next(2));
    expect(!result.ok && result.error.issues?.[0]?.path).toBe(`operations[1].weights.${backendId(1, 0)}`);
    expect(both.farms.get(uuid(1))?.farm).toBe(farm1);
  });

  test("untouched farms stay the same objects", () => {
    const { desired } = applied(both, [weigh(1, 1, { [backendId(1, 0)]: 1 })], 2);
    expect(desired.farms.get(uuid(2))).toBe(both.farms.get(uuid(2)));
  });
});

describe("rules across farms", () => {
  test("an overlap is refused and names both farms, also against a disabled farm", () => {
    const off = applied(both, [{ type: "set-enabled", base: 1, farmId: uuid(1), enabled: false }], 2).desired;
    const result = applyOperations(
      off,
      [put(sampleFarm(3, [{}], { addresses: ["192.168.0.1"], ports: ["70-90"] }), null)],
      next(3),
    );
    expect(!result.ok && result.error.code).toBe("invalid");
    expect(!result.ok && result.error.text).toMatch(/farm-3.*farm-1|farm-1.*farm-3/);
  });

  test("two farms may swap addresses and names in one change", () => {
    const a = { ...farm1, name: farm2.name, addresses: farm2.addresses };
    const b = { ...farm2, name: farm1.name, addresses: farm1.addresses };
    const { desired } = applied(both, [put(a, 1), put(b, 1)], 2);
    expect(desired.farms.get(uuid(1))?.farm.name).toBe("farm-2");
    const stillTaken = applyOperations(
      desired,
      [put(sampleFarm(3, [{}], { addresses: ["192.168.0.2"] }), null)],
      next(3),
    );
    expect(stillTaken.ok).toBe(false);
  });

  test("a freed address can be taken by the next change", () => {
    const { desired } = applied(both, [{ type: "remove-farm", base: 1, farmId: uuid(1) }], 2);
    expect(
      applyOperations(
        desired,
        [put(sampleFarm(3, [{}], { addresses: ["192.168.0.1"], name: "farm-1" }), null)],
        next(3),
      ).ok,
    ).toBe(true);
  });

  describe("no farm sends connections to where another one answers", () => {
    const inner = sampleFarm(3, [{}], { addresses: ["192.168.0.30"], ports: [80, 443] });
    const outer = (backend: object, more = {}) =>
      sampleFarm(4, [{ port: null }, { address: "192.168.0.30", port: 80, ...backend }], {
        addresses: ["192.168.0.40"],
        ...more,
      });
    const refused = (desired: Desired, operations: readonly Operation[]) => {
      const result = applyOperations(desired, operations, next(9));
      return result.ok ? null : result.error.issues;
    };
    const message = expect.stringMatching(/farm-4 is 192.168.0.30 tcp port 80, where farm farm-3 answers/);

    test("whichever of the two comes second, or both in one change", () => {
      const [first, second] = [put(inner, null), put(outer({}), null)];
      const withInner = applied(both, [first], 2).desired;
      const withOuter = applied(both, [second], 2).desired;
      expect(refused(withInner, [second])).toEqual([{ path: "backends[1].address", message }]);
      expect(refused(withOuter, [first])).toEqual([{ path: "addresses", message }]);
      expect(refused(both, [second, first])).toEqual([{ path: "operations[0].farm.backends[1].address", message }]);
      const off = applied(withInner, [{ type: "set-enabled", base: 2, farmId: uuid(3), enabled: false }], 3).desired;
      expect(refused(off, [second])).toHaveLength(1);
    });

    test("in a range, at every port, by all protocols, as a sorry server, or moved there later", () => {
      const withInner = applied(both, [put(inner, null)], 2).desired;
      const nowhere = { address: "192.168.100.99" };
      for (const farm of [
        outer({ port: null }, { ports: ["70-90"] }),
        outer({ port: null }, { ports: [], protocol: "all" }),
        outer(nowhere, { sorryServer: { address: "192.168.0.30", port: 443 } }),
      ])
        expect(refused(withInner, [put(farm, null)])).toHaveLength(1);
      const away = applied(withInner, [put({ ...inner, addresses: ["192.168.0.31"] }, 2), put(outer({}), null)], 3);
      const back: Operation[] = [
        put(inner, 3),
        { type: "set-admin-state", base: 3, farmId: uuid(4), states: { [backendId(4, 0)]: "drain" } },
      ];
      expect(refused(away.desired, back)).toEqual([{ path: "operations[0].farm.addresses", message }]);
      expect(refused(away.desired, [put(inner, 3), { type: "remove-farm", base: 3, farmId: uuid(4) }])).toBeNull();
    });

    test("what else stands at that address is nobody's but the host's", () => {
      const withInner = applied(both, [put(inner, null)], 2).desired;
      expect(refused(withInner, [put(outer({ port: 8080 }), null)])).toBeNull();
      expect(refused(withInner, [put(outer({}, { protocol: "udp" }), null)])).toBeNull();
    });
  });

  test("a backend id belongs to one farm", () => {
    const thief = { ...sampleFarm(3, [{}]), backends: farm1.backends };
    const result = applyOperations(both, [put(thief, null)], next(2));
    expect(!result.ok && result.error.text).toContain("stands in farm");
  });

  test("the 5,001st farm, and the 100,001st backend, are refused with the limit and what it would be", () => {
    const entry = (farm: Farm) => ({ farm, version: 1, actor: ann, at: 1 });
    const having = (count: number, farm: Farm): Desired => ({
      ...emptyDesired(),
      farms: new Map(Array.from({ length: count }, (_, at) => [`other-${at}`, entry(farm)])),
    });
    const one = sampleFarm(3, [{}]);
    const wide = {
      ...one,
      id: uuid(4),
      backends: Array.from({ length: 1000 }, () => ({ ...farm1.backends[0], id: "" })),
    };
    const tooMany = (desired: Desired) => {
      const result = applyOperations(desired, [put(sampleFarm(5, [{}]), null)], next(2));
      return result.ok ? "accepted" : result.error.text;
    };
    expect(tooMany(having(4999, farm2))).toBe("accepted");
    expect(tooMany(having(5000, farm2))).toContain("At most 5000 farms; this would be 5001");
    expect(tooMany(having(100, wide as Farm))).toContain("At most 100000 backends in all farms; this would be 100001");
  });

  test("a farm that is not whole is refused although its shape is right", () => {
    const result = applyOperations(both, [put({ ...sampleFarm(3, [{}]), addresses: ["2001:db8::1"] }, null)], next(2));
    expect(!result.ok && result.error.issues?.[0]?.path).toBe("addresses[0]");
  });
});
