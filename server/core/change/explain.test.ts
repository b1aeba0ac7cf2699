import { describe, expect, test } from "vitest";
import { effective } from "../farm/effective.ts";
import { healthCheckSchema } from "../farm/health-check.ts";
import type { Farm } from "../farm/types.ts";
import { explain, explainChange } from "./explain.ts";
import { backendId, sampleFarm, uuid } from "./sample.testing.ts";

const noHealth = new Map();
const eff = (farm: Farm | null) => (farm === null ? null : effective(farm, noHealth));
const say = (before: Farm | null, after: Farm | null) => explain(before, after, eff(before), eff(after));

const half = sampleFarm(1, [{ weight: 100 }, { weight: 100 }]);

describe("sentences", () => {
  test("a weight says what it was, what it is, and what that does to every share", () => {
    expect(say(half, sampleFarm(1, [{ weight: 50 }, { weight: 100 }]))).toEqual([
      "web-1 weight 100 to 50: takes 33.3 % of new connections instead of 50.0 %",
      "web-2 takes 66.7 % of new connections instead of 50.0 %",
    ]);
  });

  test("weights that keep the shares say so", () => {
    expect(say(half, sampleFarm(1, [{ weight: 50 }, { weight: 50 }]))).toEqual([
      "web-1 weight 100 to 50: still takes 50.0 % of new connections",
      "web-2 weight 100 to 50: still takes 50.0 % of new connections",
    ]);
  });

  test("forwarding without tracking says that open connections do not stay", () => {
    const stateless = { forwarding: "stateless", scheduler: "source-hash" } as const;
    const before = { ...half, ...stateless };
    expect(say(half, before)).toContain("Forwarding dnat to stateless: open connections end");
    const drained = { ...sampleFarm(1, [{ weight: 100, adminState: "drain" }, { weight: 100 }]), ...stateless };
    expect(say(before, drained)[0]).toContain(
      "open connections break where their client moves, because none is remembered",
    );
    expect(say({ ...before, protocol: "udp" }, { ...drained, protocol: "udp" })[0]).toContain(
      "every datagram goes by the new shares",
    );
    const removed = say(before, { ...before, backends: before.backends.slice(1) });
    expect(removed.join()).toContain("open connections break");
  });

  test("drain and maintenance say what happens to the clients they have", () => {
    const drained = sampleFarm(1, [{ weight: 100, adminState: "drain" }, { weight: 100 }]);
    expect(say(half, drained)).toEqual([
      "web-1 is drained: takes no new connections instead of 50.0 %; open connections and sticky clients stay",
      "web-2 takes 100.0 % of new connections instead of 50.0 %",
    ]);
    expect(say(drained, half)[0]).toBe("web-1 is active again: takes 50.0 % of new connections instead of none");
    expect(say(half, sampleFarm(1, [{ adminState: "maintenance" }, {}]))[0]).toContain(
      "open connections stay until they are cut",
    );
  });

  test("a new farm names its address, its backends and their shares; a removed one its address", () => {
    expect(say(null, half)).toEqual([
      "New farm farm-1 answers at 192.168.0.1 tcp port 80, weighted, dnat",
      "Backends are not checked: each gets its share whether it answers or not",
      "web-1 at 192.168.101.1 port 80 with weight 100: takes 50.0 % of new connections",
      "web-2 at 192.168.101.2 port 80 with weight 100: takes 50.0 % of new connections",
    ]);
    expect(say(half, null)).toEqual(["Farm farm-1 is removed: 192.168.0.1 tcp port 80 no longer answers"]);
  });

  test("every changed field has a sentence, and no change has none", () => {
    expect(say(half, sampleFarm(1, [{}, {}]))).toEqual([]);
    const changed: Farm = {
      ...half,
      name: "store",
      enabled: false,
      addresses: ["192.168.0.9"],
      protocol: "udp",
      ports: [53, "60-70"],
      forwarding: "snat",
      snatAddress: "192.168.0.8",
      scheduler: "random",
      hashFields: ["source-port"],
      persistence: { by: "source-address", timeoutS: 60, prefixV4: 32, prefixV6: 64, size: null },
      onAllDown: "drop",
      onDown: "cut",
      drainSticky: "move",
      sorryServer: { address: "192.168.0.7", port: 80 },
      healthCheck: healthCheckSchema.parse({ type: "http" }),
      policy: { ...half.policy, deny: ["10.0.0.0/8"] },
      tags: ["a"],
      notes: "x",
    };
    expect(say(half, changed).length).toBe(19);
    expect(say(half, changed)).toContain("Answers at ports 53 and 60-70 instead of port 80");
    expect(say(half, changed)).toContain("Backends see 192.168.0.8 instead of the balancer's own address");
    expect(say(changed, { ...changed, notes: "y" }).at(-1)).toBe(
      "Farm store is stopped: none of this answers until it is started",
    );
  });

  test("of a list that changes, what is and what was cannot be taken for one range", () => {
    const at = (ports: Farm["ports"], more: Partial<Farm> = {}) => ({ ...half, ports, ...more });
    expect(say(at([80]), at([80, 8080]))).toEqual(["Answers at ports 80 and 8080 instead of port 80"]);
    expect(say(at([80, 443, "8000-8010"]), at([]))).toEqual([
      "Answers at every port instead of ports 80, 443 and 8000-8010",
    ]);
    expect(say(at([80, 443]), at([443, 80]))).toEqual(["The ports stand in another order"]);
    expect(say(at([80], { tags: ["a", "b"] }), at([80], { tags: ["c"] }))).toEqual([
      "Tag c is added",
      "Tags a and b are taken away",
    ]);
    const hashing = (hashFields: Farm["hashFields"]) => at([80], { hashFields });
    expect(say(hashing(["source-address"]), hashing(["source-address", "source-port"]))).toEqual([
      "Hashes source-address and source-port instead of source-address",
    ]);
  });

  test("a removed and an added backend say what they took and take", () => {
    const other = {
      ...half,
      backends: [...half.backends.slice(0, 1), ...sampleFarm(1, [{}, {}, { weight: 300 }]).backends.slice(2)],
    };
    expect(say(half, other)).toEqual([
      "web-3 is added at 192.168.101.3 port 80 with weight 300: takes 75.0 % of new connections",
      "web-2 is removed: it took 50.0 % of new connections; open connections stay",
      "web-1 takes 25.0 % of new connections instead of 50.0 %",
    ]);
  });

  test("another order of the same backends is said", () => {
    const turned = { ...half, backends: [...half.backends].reverse() };
    expect(say(half, turned)).toEqual(["The backends stand in another order: web-2, web-1"]);
  });

  test("shares are named per family where a farm has both", () => {
    const dual = (weight: number) =>
      sampleFarm(1, [{ weight }, { weight: 100 }, { address: "2001:db8::1" }], {
        addresses: ["192.168.0.1", "2001:db8::9"],
      });
    expect(say(dual(100), dual(300))).toEqual([
      "web-1 weight 100 to 300: takes 75.0 % of new IPv4 connections instead of 50.0 %",
      "web-2 takes 25.0 % of new IPv4 connections instead of 50.0 %",
    ]);
  });

  test("many followers are counted instead of listed", () => {
    const many = (first: number) =>
      sampleFarm(1, [{ weight: first }, ...Array.from({ length: 40 }, () => ({ weight: 10 }))]);
    const sentences = say(many(10), many(500));
    expect(sentences.length).toBe(14);
    expect(sentences.at(-1)).toBe("28 more backends change their share");
  });

  test("a change of several farms names the farm in each sentence, and cuts come last", () => {
    const drained = sampleFarm(2, [{ adminState: "drain" }, {}]);
    const change = (before: Farm | null, after: Farm | null) => ({
      before,
      after,
      effBefore: eff(before),
      effAfter: eff(after),
    });
    const sentences = explainChange(
      [change(half, null), change(drained, drained)],
      [{ type: "cut", base: 1, farmId: uuid(2), backendId: backendId(2, 0) }],
    );
    expect(sentences).toEqual([
      "farm-1: Farm farm-1 is removed: 192.168.0.1 tcp port 80 no longer answers",
      "web-1: its open connections are cut",
    ]);
  });
});
