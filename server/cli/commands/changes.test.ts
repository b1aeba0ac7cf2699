import { describe, expect, it } from "vitest";
import { backendId, sampleFarm } from "../../core/change/sample.testing.ts";
import { fail } from "../../core/result.ts";
import { sluice } from "../cli.testing.ts";
import { createFakeAgent } from "../fake-agent.testing.ts";

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const api = sampleFarm(2, [{ weight: 10 }]);
const withWeight = (weight: number) => ({ ...shop, backends: shop.backends.map((each) => ({ ...each, weight })) });
const file = (...farms: unknown[]) => ({ files: { f: JSON.stringify({ farms }) } });

describe("sluice apply", () => {
  it("says what it does, does it as one change, and leaves farms alone that the file does not name", async () => {
    const agent = createFakeAgent([shop, api]);
    const third = sampleFarm(3, [{}]);
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(withWeight(7), third) });
    expect(ran).toEqual({ code: 0, out: "would change\nApplied as revision 2 in 1.5 ms\n", err: "" });
    expect(agent.requests.map(({ operations }) => operations.map(({ type }) => type))).toEqual([
      ["put-farm", "put-farm"],
    ]);
    expect(agent.farms()).toEqual([withWeight(7), api, third]);
    expect(agent.requests[0]?.actor).toEqual({ id: "uid:1000", name: "ada (command line)" });
  });

  it("--dry-run says it and changes nothing", async () => {
    const agent = createFakeAgent([shop]);
    const ran = await sluice(["apply", "--dry-run", "f"], { link: agent.link, ...file(withWeight(7)) });
    expect(ran).toEqual({ code: 0, out: "would change\nNothing was changed (--dry-run)\n", err: "" });
    expect(agent.requests).toEqual([]);
  });

  it("--prune removes what the file does not name", async () => {
    const agent = createFakeAgent([shop, api]);
    expect(await sluice(["apply", "--prune", "f"], { link: agent.link, ...file(shop) })).toMatchObject({ code: 0 });
    expect(agent.farms()).toEqual([shop]);
  });

  it("of what is there already asks nothing of the agent", async () => {
    const agent = createFakeAgent([shop]);
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(shop) });
    expect([ran.code, ran.out]).toEqual([0, "Nothing to change: the balancer has these farms already\n"]);
    expect(agent.requests).toEqual([]);
  });

  it("matches by id through a new name, and by name where the file has no id or another balancer's", async () => {
    const agent = createFakeAgent([shop]);
    const renamed = { ...shop, name: "store" };
    expect(await sluice(["apply", "f"], { link: agent.link, ...file(renamed) })).toMatchObject({ code: 0 });
    expect(agent.farms()).toEqual([renamed]);
    const { id: _id, ...bare } = renamed;
    expect((await sluice(["diff", "f"], { link: agent.link, ...file(bare) })).out).toBe("No difference\n");
    const elsewhere = sampleFarm(9, [{ weight: 100 }, { weight: 50 }], { addresses: shop.addresses, name: "store" });
    const backends = elsewhere.backends.map((each, at) => ({ ...each, address: shop.backends[at]?.address }));
    expect((await sluice(["diff", "f"], { link: agent.link, ...file({ ...elsewhere, backends }) })).out).toBe(
      "No difference\n",
    );
  });

  it("a change that another one made meanwhile is a conflict, named, with exit code 1 and nothing changed", async () => {
    const agent = createFakeAgent([shop]);
    let isFirst = true;
    agent.switches.beforeApply = () => {
      if (!isFirst) return;
      isFirst = false;
      agent.touch(withWeight(99));
    };
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(withWeight(7)) });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("Conflict: farm farm-1 was changed meanwhile by Ada. Nothing was changed");
    expect(agent.farms()).toEqual([withWeight(99)]);
  });

  it("what the agent refuses is named by the farm's name, with exit code 1", async () => {
    const agent = createFakeAgent([api]);
    const clash = sampleFarm(5, [{}], { addresses: api.addresses });
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(clash) });
    expect([ran.code, ran.out]).toEqual([1, ""]);
    expect(ran.err).toContain(
      "farm farm-5: addresses[0]: 192.168.0.2 tcp port 80 of farm farm-5 is taken by farm farm-2",
    );
  });

  it("asks again by uuid for an outcome that is late, and sends the change once", async () => {
    const agent = createFakeAgent([shop]);
    agent.switches.answersAfter = 3;
    expect(await sluice(["apply", "f"], { link: agent.link, ...file(withWeight(7)) })).toMatchObject({ code: 0 });
    expect(agent.requests.length).toBe(1);
  });

  it("an outcome that does not come is 3, never called refused", async () => {
    const agent = createFakeAgent([shop]);
    agent.switches.answersAfter = Number.POSITIVE_INFINITY;
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(withWeight(7)) });
    expect(ran.code).toBe(3);
    expect(ran.err).not.toContain("refused");
  });

  it("without an agent ends with 2", async () => {
    expect(await sluice(["apply", "f"], file(shop))).toEqual({
      code: 2,
      out: "",
      err: "sluice: No agent is running\n",
    });
  });

  it("a caller who is not allowed reads so, with the uid seen, and exit code 1", async () => {
    const agent = createFakeAgent();
    agent.switches.failure = fail("not-allowed", "not allowed: the agent does not serve uid 1234").error;
    const ran = await sluice(["apply", "f"], { link: agent.link, ...file(shop) });
    expect(ran).toEqual({ code: 1, out: "", err: "sluice: not allowed: the agent does not serve uid 1234\n" });
  });
});

describe("sluice diff", () => {
  it("names new, changed, removed and left farms, and each field", async () => {
    const agent = createFakeAgent([shop, api]);
    const [first] = shop.backends;
    const changed = {
      ...shop,
      notes: "x",
      backends: [
        { ...first, weight: 5 },
        { name: "web-9", address: "192.168.101.9" },
      ],
    };
    const files = file(changed, sampleFarm(3, [{}]));
    const ran = await sluice(["diff", "f"], { link: agent.link, ...files });
    expect(ran.out.split("\n")).toEqual([
      "~ farm farm-1",
      '    notes: "" -> x',
      "    backends.web-1.weight: 100 -> 5",
      "    - backends.web-2 192.168.101.2 port 80, weight 50",
      "    + backends.web-9 192.168.101.9, weight 100",
      "+ farm farm-3 (192.168.0.3 tcp 80, 1 backends)",
      "not in the document, left alone: farm-2",
      "",
    ]);
    const pruned = await sluice(["diff", "--prune", "--exit-code", "f"], { link: agent.link, ...files });
    expect(pruned.code).toBe(4);
    expect(pruned.out).toContain("- farm farm-2 (192.168.0.2 tcp 80, 1 backends)");
  });
});

describe("sluice weight, drain, resume, maintenance", () => {
  it("change one backend, on the version that was read", async () => {
    const agent = createFakeAgent([shop, api]);
    const ran = await sluice(["weight", "farm-1/web-2", "70"], { link: agent.link });
    expect(ran).toEqual({ code: 0, out: "changed\nApplied as revision 2 in 1.5 ms\n", err: "" });
    expect(agent.requests[0]?.operations).toEqual([
      { type: "set-weights", base: 1, farmId: shop.id, weights: { [backendId(1, 1)]: 70 } },
    ]);
    expect(await sluice(["drain", "farm-1/web-1"], { link: agent.link })).toMatchObject({ code: 0 });
    expect(agent.farms()[0]?.backends.map(({ weight, adminState }) => [weight, adminState])).toEqual([
      [100, "drain"],
      [70, "active"],
    ]);
    expect(await sluice(["resume", "farm-1/web-1"], { link: agent.link })).toMatchObject({ code: 0 });
    expect(agent.farms()[0]?.backends[0]?.adminState).toBe("active");
  });

  it("take several backends as one change, an operation a farm", async () => {
    const agent = createFakeAgent([shop, api]);
    const words = ["maintenance", "--yes", "farm-1/web-1", "farm-2/web-1", "farm-1/web-2"];
    expect(await sluice(words, { link: agent.link })).toMatchObject({ code: 0 });
    expect(agent.requests.map(({ operations }) => operations.length)).toEqual([2]);
  });

  it("never empty a farm without --yes", async () => {
    const agent = createFakeAgent([api]);
    const ran = await sluice(["drain", "farm-2/web-1"], { link: agent.link });
    expect([ran.code, agent.requests.length]).toEqual([1, 0]);
    expect(ran.err).toContain("no backend of farm-2 takes new connections");
    expect(await sluice(["drain", "--yes", "farm-2/web-1"], { link: agent.link })).toMatchObject({ code: 0 });
  });

  it("say what is there where a name is wrong, and what a weight is", async () => {
    const { link } = createFakeAgent([shop, api]);
    const says = async (...words: string[]) => (await sluice(words, { link })).err;
    expect(await says("weight", "shop/web-1", "5")).toBe("sluice: There is no farm shop; there is farm-1, farm-2\n");
    expect(await says("drain", "farm-1/x")).toBe("sluice: Farm farm-1 has no backend x; there is web-1, web-2\n");
    expect(await says("drain", "farm-1")).toContain("Write FARM/BACKEND");
    expect(await says("weight", "farm-1/web-1", "1001")).toContain("from 0 to 1,000");
    expect(await says("weight", "farm-1/web-1", "1e2")).toContain("from 0 to 1,000");
  });

  it("of what is so already change nothing", async () => {
    const agent = createFakeAgent([shop]);
    expect(await sluice(["weight", "farm-1/web-1", "100"], { link: agent.link })).toMatchObject({ code: 0 });
    expect(await sluice(["resume", "farm-1/web-1"], { link: agent.link })).toMatchObject({ code: 0 });
    expect(agent.requests).toEqual([]);
  });
});

describe("sluice export", () => {
  it("writes a document that applies back without a difference, in YAML, whole and as JSON", async () => {
    const six = {
      addresses: ["2001:db8::7"],
      ports: ["8000-8010", 80].reverse(),
      notes: "a: b\n# c",
      tags: ["a-1"],
      scheduler: "random",
      policy: { deny: ["10.0.0.0/8"] },
    };
    const farms = [shop, api, sampleFarm(7, [{ address: "2001:db8:1::7", adminState: "drain", weight: 0 }], six)];
    const { link } = createFakeAgent(farms);
    for (const option of [[], ["--full"], ["--json"]]) {
      const exported = await sluice(["export", ...option], { link });
      expect([exported.code, exported.err]).toEqual([0, ""]);
      const back = await sluice(["diff", "--prune", "--exit-code", "-"], { link, files: { "-": exported.out } });
      expect(back).toEqual({ code: 0, out: "No difference\n", err: "" });
      const elsewhere = createFakeAgent();
      await sluice(["apply", "-"], { link: elsewhere.link, files: { "-": exported.out } });
      expect(elsewhere.farms()).toEqual(farms);
    }
  });

  it("says of a policy only what is not usual", async () => {
    const { link } = createFakeAgent([sampleFarm(2, [{}], { policy: { deny: ["10.0.0.0/8"] } })]);
    expect((await sluice(["export"], { link })).out).toContain("    policy: { deny: [ 10.0.0.0/8 ] }\n");
  });

  it("is short enough to read: a backend a line, defaults left out", async () => {
    const { link } = createFakeAgent([shop, api]);
    expect((await sluice(["export", "farm-2"], { link })).out).toBe(
      [
        "farms:",
        `  - id: ${api.id}`,
        "    name: farm-2",
        "    addresses: [ 192.168.0.2 ]",
        "    protocol: tcp",
        "    ports: [ 80 ]",
        "    forwarding: dnat",
        "    scheduler: weighted",
        "    backends:",
        `      - { id: ${api.backends[0]?.id}, name: web-1, address: 192.168.102.1, port: 80, weight: 10 }`,
        "",
      ].join("\n"),
    );
  });
});
