import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { idMark, markText } from "../core/allocation/marks.ts";
import type { Farm } from "../core/farm/types.ts";
import { turnedNumber } from "../core/ruleset/turned.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import type { Held } from "./messages.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const one = { address: "192.168.100.10", port: 80 };
const two = { address: "192.168.100.11", port: 80 };
const three = { address: "192.168.100.12", port: 80 };
let lab: OpenLab;
let farms: FarmCalls;
let held: Held[] = [];

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());
afterEach(async () => {
  await lab.held({ ids: held.map(({ id }) => id), action: "release" });
  held = [];
});

type More = Readonly<Record<string, unknown>> & { readonly alsoAt?: readonly string[] };

/** Every test has a VIP of its own, so that no test meets another's connections. */
let lastVip = 180;
async function served(name: string, backends: readonly object[], more: More = {}) {
  lastVip += 1;
  const vip = `192.168.0.${lastVip}`;
  await lab.exec("balancer", ["ip", "addr", "add", `${vip}/32`, "dev", "front"]);
  const { alsoAt = [], ...fields } = more;
  const addresses = [vip, ...alsoAt];
  const farm = makeFarm({ name, addresses, scheduler: "round-robin", backends, ...fields });
  await farms.put(farm);
  return farm;
}

function vipOf(farm: Farm): string {
  return farm.addresses[0] ?? "";
}

async function answers(farm: Farm, count = 12, source: string | null = null) {
  const { answered, errors } = await lab.connect({ address: vipOf(farm), port: 80, count, source });
  return { answered, errors };
}

async function hold(farm: Farm, count: number): Promise<Record<string, number>> {
  const now = await lab.hold({ address: vipOf(farm), port: 80, count });
  held.push(...now);
  const byName: Record<string, number> = {};
  for (const { backend } of now) byName[backend ?? "nobody"] = (byName[backend ?? "nobody"] ?? 0) + 1;
  return byName;
}

async function listed(...words: readonly string[]): Promise<string> {
  return (await lab.exec("balancer", ["nft", "list", ...words])).stdout;
}

describe("tiers", () => {
  test("a tier serves only when no lower one can", async () => {
    const farm = await served("tiers", [{ ...one }, { ...two }, { ...three, tier: 1 }]);
    expect(await answers(farm)).toEqual({ answered: { "web-1": 6, "web-2": 6 }, errors: {} });
    await farms.state(farm, 0, "drain");
    expect(await answers(farm)).toEqual({ answered: { "web-2": 12 }, errors: {} });
    await farms.state(farm, 1, "maintenance");
    expect(await answers(farm)).toEqual({ answered: { "web-3": 12 }, errors: {} });
    await farms.state(farm, 0, "active");
    expect(await answers(farm)).toEqual({ answered: { "web-1": 12 }, errors: {} });
  });

  test("families have tiers of their own", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::181/128", "dev", "front", "nodad"]);
    const six = { address: "fd00:51:100::12", port: 80, tier: 2 };
    const backends = [{ ...one, tier: 0 }, { ...two, tier: 1 }, six];
    const farm = await served("two-tiers", backends, { alsoAt: ["fd00:51::181"] });
    expect((await answers(farm)).answered).toEqual({ "web-1": 12 });
    expect((await lab.connect({ address: "fd00:51::181", port: 80, count: 4 })).answered).toEqual({ "web-3": 4 });
  });
});

describe("the sorry server", () => {
  const sorryServer = { address: "192.168.100.12", port: 80 };

  test("answers while nobody else does, is counted, and stands back at once", async () => {
    const farm = await served("sorry", [{ ...one }, { ...two, weight: 0 }], { sorryServer });
    expect((await answers(farm)).answered).toEqual({ "web-1": 12 });
    await farms.state(farm, 0, "maintenance");
    expect(await answers(farm)).toEqual({ answered: { "web-3": 12 }, errors: {} });
    expect(await listed("map", "inet", "sluice", "be4")).toMatch(/counter packets 12 bytes [0-9]+ : 192\.168\.100\.12/);
    await farms.state(farm, 0, "active");
    expect((await answers(farm)).answered).toEqual({ "web-1": 12 });
  });

  test("is remembered by nobody: clients leave it, known ones never go there", async () => {
    const farm = await served("sorry-sticky", [{ ...one }, { ...two }], { sorryServer, persistence: {} });
    const known = Object.keys((await answers(farm, 3, "192.168.0.101")).answered);
    await farms.state(farm, 0, "drain");
    await farms.state(farm, 1, "drain");
    expect(Object.keys((await answers(farm, 3, "192.168.0.101")).answered)).toEqual(known);
    expect((await answers(farm, 3, "192.168.0.102")).answered).toEqual({ "web-3": 3 });
    await farms.state(farm, 0, "active");
    expect((await answers(farm, 3, "192.168.0.102")).answered).toEqual({ "web-1": 3 });
  });

  test("of another family does not answer", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::182/128", "dev", "front", "nodad"]);
    const six = { address: "fd00:51:100::10", port: 80, weight: 0 };
    const more = { sorryServer, alsoAt: ["fd00:51::182"] };
    const farm = await served("sorry-family", [{ ...one, weight: 0 }, six], more);
    expect((await answers(farm)).answered).toEqual({ "web-3": 12 });
    const report = await lab.connect({ address: "fd00:51::182", port: 80, count: 3 });
    expect(report.errors).toEqual({ ECONNREFUSED: 3 });
  });
});

describe("a backend's connection limit", () => {
  test("lets what is beyond go to the others", async () => {
    const farm = await served("overflow", [{ ...one, maxConnections: 3 }, { ...two }]);
    expect(await hold(farm, 12)).toEqual({ "web-1": 3, "web-2": 9 });
    expect((await answers(farm)).answered).toEqual({ "web-2": 12 });
  });

  test("refuses and counts at once what is beyond everywhere, and takes as many again as have closed", async () => {
    const limited = [one, two].map((backend) => ({ ...backend, maxConnections: 3 }));
    const farm = await served("over-all", limited, { scheduler: "weighted" });
    expect(await hold(farm, 6)).toEqual({ "web-1": 3, "web-2": 3 });
    expect(await answers(farm, 5)).toEqual({ answered: {}, errors: { ECONNREFUSED: 5 } });
    const ruled = await listed("table", "inet", "sluice");
    const number = [...ruled.matchAll(/set d_full_([0-9]+)_4/g)].map(([, text]) => Number(text)).at(-1) ?? 0;
    const key = markText(idMark(0x51, turnedNumber(number, "backends-full")));
    const turned = await listed("set", "inet", "sluice", "turned");
    expect(turned).toContain(`${key} counter packets 5 `);
    await lab.held({ ids: held.splice(0, 2).map(({ id }) => id), action: "release" });
    // closed ones leave the kernel's list when it is looked at, and a full backend is tried again when its mark has run out
    const taken = async () => {
      held.push(...(await lab.hold({ address: vipOf(farm), port: 80 })));
      return held.filter(({ backend }) => backend !== null).length;
    };
    await expect.poll(taken, { interval: 200 }).toBe(6);
    expect(await answers(farm, 3)).toEqual({ answered: {}, errors: { ECONNREFUSED: 3 } });
  });

  test("of different backends is each its own", async () => {
    const limited = [
      { ...one, maxConnections: 1 },
      { ...two, maxConnections: 4 },
    ];
    const farm = await served("each-own", [...limited, { ...three }], { scheduler: "random" });
    const spread = await hold(farm, 30);
    expect(spread).toEqual({ "web-1": 1, "web-2": 4, "web-3": 25 });
  });

  test("sends a client that hashes to the same other backend every time", async () => {
    const farm = await served("hashed", [one, two, three], { scheduler: "source-hash" });
    const [mine = ""] = Object.keys((await answers(farm, 3, "192.168.0.101")).answered);
    const backends = farm.backends.map((backend) => ({ ...backend, maxConnections: backend.name === mine ? 1 : null }));
    await farms.put({ ...farm, backends });
    held.push(...(await lab.hold({ address: vipOf(farm), port: 80, source: "192.168.0.101" })));
    const others = Object.keys((await answers(farm, 12, "192.168.0.101")).answered);
    expect(others).toHaveLength(1);
    expect(others).not.toContain(mine);
  });

  test("moves a sticky client whose backend is full, and it stays there", async () => {
    const farm = await served("sticky-full", [{ ...one, maxConnections: 1 }, { ...two }], { persistence: {} });
    const [, second] = [await hold(farm, 1), await hold(farm, 1)];
    expect([second, (await answers(farm, 4, "192.168.0.101")).answered]).toEqual([{ "web-2": 1 }, { "web-2": 4 }]);
    await lab.held({ ids: held.splice(0).map(({ id }) => id), action: "release" });
    expect((await answers(farm, 4, "192.168.0.101")).answered).toEqual({ "web-2": 4 });
  });

  test("does not count connections that were only asked of it", async () => {
    const farm = await served("asked", [{ ...one, maxConnections: 2 }, { ...two }]);
    expect(await hold(farm, 2)).toEqual({ "web-1": 1, "web-2": 1 });
    expect(await hold(farm, 8)).toEqual({ "web-1": 1, "web-2": 7 });
    const mine = held.filter(({ backend }) => backend === "web-1");
    held = held.filter(({ backend }) => backend !== "web-1");
    await lab.held({ ids: mine.map(({ id }) => id), action: "release" });
    const again = async () => {
      held.push(...(await lab.hold({ address: vipOf(farm), port: 80 })));
      return held.filter(({ backend }) => backend === "web-1").length;
    };
    await expect.poll(again, { interval: 300 }).toBe(2);
  });
});
