import { describe, expect, it } from "vitest";
import type { Farm } from "../../core/farm/types.ts";
import { parseFarm } from "../../core/farm/validate.ts";
import { sluice } from "../cli.testing.ts";
import { createFakeAgent } from "../fake-agent.testing.ts";

const document = `lists:
  - name: office
    networks:
      - 10.0.0.0/9
      - 10.128.0.0/9
      - fd00::/8
farms:
  - name: shop
    addresses: [192.0.2.1]
    protocol: tcp
    ports: [80]
    policy: { deny: ["@office"] }
    backends:
      - { name: web-1, address: 198.51.100.1 }
`;
const files = { f: document, none: "farms: []\n", shop: document.slice(document.indexOf("farms:")) };

async function applied() {
  const agent = createFakeAgent();
  expect(await sluice(["apply", "f"], { link: agent.link, files })).toMatchObject({ code: 0 });
  return agent;
}

function plainFarm(): Farm {
  const backends = [{ id: "00000000-0000-4000-8000-000000000002", name: "b", address: "198.51.100.9" }];
  const head = { id: "00000000-0000-4000-8000-000000000001", name: "plain", addresses: ["192.0.2.9"] };
  const parsed = parseFarm({ ...head, protocol: "tcp", ports: [80], backends });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

describe("lists in a document", () => {
  it("are applied with the farms that refer to them as one change, and applying again changes nothing", async () => {
    const agent = await applied();
    expect(agent.requests[0]?.operations.map(({ type }) => type)).toEqual(["put-list", "put-farm"]);
    expect(agent.lists()).toMatchObject([{ name: "office", networks: ["10.0.0.0/8", "fd00::/8"] }]);
    expect((await sluice(["apply", "f"], { link: agent.link, files })).out).toContain("Nothing to change");
  });

  it("come out as they go in: all of them, or those one farm refers to", async () => {
    const agent = await applied();
    const all = await sluice(["export"], { link: agent.link });
    expect(all.out).toMatch(
      /^lists:\n {2}- id: [0-9a-f-]+\n {4}name: office\n {4}networks:\n {6}- 10.0.0.0\/8\n {6}- fd00::\/8\nfarms:\n/,
    );
    expect((await sluice(["export", "shop"], { link: agent.link })).out).toBe(all.out);
    const again = await sluice(["diff", "all", "--exit-code"], { link: agent.link, files: { all: all.out } });
    expect([again.code, again.out]).toEqual([0, "No difference\n"]);
    agent.touch(plainFarm());
    expect((await sluice(["export", "plain"], { link: agent.link })).out).toMatch(/^farms:/);
  });

  it("differ by networks, however they are written", async () => {
    const agent = await applied();
    const other = { f: document.replace("10.128.0.0/9", "172.16.0.0/12") };
    const ran = await sluice(["diff", "f", "--exit-code"], { link: agent.link, files: other });
    expect(ran.out).toBe("~ list office\n    + 172.16.0.0/12\n    - 10.128.0.0/9\n");
    const asJson = await sluice(["diff", "f", "--json"], { link: agent.link, files: other });
    expect(JSON.parse(asJson.out)).toMatchObject({ lists: [{ kind: "changed", added: ["172.16.0.0/12"] }] });
  });

  it("stay without --prune, and go with it unless a farm of the document refers to them", async () => {
    const agent = await applied();
    await sluice(["apply", "shop", "--prune"], { link: agent.link, files });
    expect(agent.lists()).toHaveLength(1);
    await sluice(["apply", "none"], { link: agent.link, files });
    expect(agent.lists()).toHaveLength(1);
    expect(await sluice(["apply", "none", "--prune"], { link: agent.link, files })).toMatchObject({ code: 0 });
    expect([agent.lists(), agent.farms()]).toEqual([[], []]);
  });

  it("are compiled into one set a family, and checked with the place of what is wrong", async () => {
    const compiled = await sluice(["compile", "f"], { files });
    expect(compiled.out).toMatch(/set list_1_4_\w+ \{[^}]*elements = \{ 10.0.0.0\/8 \}/);
    expect(compiled.out).not.toMatch(/list_1_6|office/);
    expect((await sluice(["check", "f"], { files })).out).toContain("1 farm, 1 backend, 1 list");
    const wrong = { f: document.replace("fd00::/8", "fd00::/999") };
    expect((await sluice(["check", "f"], { files: wrong })).err).toContain("f:6:9: lists[0].networks[2]: ");
  });

  it("tell where a client stands", async () => {
    const inside = await sluice(["explain", "10.1.2.3", "192.0.2.1:80", "--file", "f"], { files });
    expect(inside.out).toContain("The list office, which the farm denies, has 10.0.0.0/8");
    const outside = await sluice(["explain", "11.1.2.3", "192.0.2.1:80", "--file", "f"], { files });
    expect(outside.out).not.toContain("turned away");
  });

  it("that changed meanwhile are a conflict", async () => {
    const agent = await applied();
    const [list] = agent.lists();
    agent.switches.beforeApply = () => {
      agent.switches.beforeApply = () => {};
      if (list !== undefined) agent.touchList({ ...list, notes: "theirs" });
    };
    const edited = { f: document.replace("10.128.0.0/9", "172.16.0.0/12") };
    const ran = await sluice(["apply", "f"], { link: agent.link, files: edited });
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain("list office was changed meanwhile by Ada");
  });
});
