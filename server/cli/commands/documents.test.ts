import { describe, expect, it } from "vitest";
import { sluice } from "../cli.testing.ts";

const shop = `farms:
  - name: shop
    addresses: [192.0.2.1, "2001:db8::1"]
    protocol: tcp
    ports: [80]
    backends:
      - { name: web-1, address: 198.51.100.1, port: 8080, weight: 2 }
      - { name: web-2, address: 198.51.100.2, port: 8080, weight: 1 }
      - { name: six, address: "2001:db8:1::1" }
`;
const wrong = `farms:
  - name: Shop
    addresses: [192.0.2.1, 192.0.2.999]
    protocol: tcp
    ports: [80]
    colour: "red\\e[31m"
    backends: [{ name: web-1, address: 198.51.100.1 }]
  - { name: a, addresses: [192.0.2.7], protocol: tcp, ports: [80], backends: [{ name: x, address: 198.51.100.1 }] }
  - { name: b, addresses: [192.0.2.7], protocol: tcp, ports: [80], backends: [{ name: x, address: 198.51.100.1 }] }
`;

describe("sluice compile", () => {
  it("writes the whole script, the same for the same document, and from standard input too", async () => {
    const first = await sluice(["compile", "shop.yaml"], { files: { "shop.yaml": shop } });
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out).toMatch(/^table inet sluice\n/);
    expect(first.out).toContain("0x51000001 : 198.51.100.1 . 8080");
    expect(first.out).toMatch(/numgen inc mod 3 offset 0xd1[0-9a-f]{6}\n\s*goto sched4/);
    expect(first.out.endsWith("}\n")).toBe(true);
    expect(await sluice(["compile", "-"], { files: { "-": shop } })).toEqual(first);
  });

  it("of JSON is the script of the same YAML", async () => {
    const files = { y: shop, j: JSON.stringify({ farms: [written("shop", "192.0.2.1")] }) };
    const fromJson = await sluice(["compile", "j"], { files });
    expect(fromJson.code).toBe(0);
    expect(fromJson.out).toContain("192.0.2.1 . tcp . 80 : goto f_1_4");
  });

  it("of a refused document writes nothing to standard output and ends with 1", async () => {
    const ran = await sluice(["compile", "shop.yaml"], { files: { "shop.yaml": wrong } });
    expect([ran.code, ran.out]).toEqual([1, ""]);
    expect(ran.err).toContain("shop.yaml:2:5: farms[0].name:");
  });

  it("without a file that can be read ends with 1, without a word with 64", async () => {
    expect(await sluice(["compile", "nowhere"])).toEqual({ code: 1, out: "", err: "sluice: nowhere does not exist\n" });
    expect(await sluice(["compile"])).toMatchObject({ code: 64, out: "" });
  });
});

describe("sluice check", () => {
  it("names every error with its place, in the order of the file, and shows no control character", async () => {
    const ran = await sluice(["check", "shop.yaml"], { files: { "shop.yaml": wrong } });
    expect(ran.out).toBe("");
    expect(ran.code).toBe(1);
    expect(ran.err.split("\n").map((line) => line.split(": ").slice(0, 2))).toEqual([
      ["shop.yaml:2:5", "farms[0].name"],
      ["shop.yaml:3:28", "farms[0].addresses[1]"],
      ["shop.yaml:6:5", "farms[0].colour"],
      ["shop.yaml:9:28", "farms[2].addresses[0]"],
      ["sluice", "4 errors in shop.yaml; nothing was done"],
      [""],
    ]);
  });

  it("names a list that is not there: a document refers to lists of the balancer, and holds none", async () => {
    const files = {
      f: JSON.stringify({ farms: [{ ...written("shop", "192.0.2.1"), policy: { deny: ["@office"] } }] }),
    };
    for (const command of ["check", "compile"]) {
      const ran = await sluice([command, "f"], { files });
      expect([ran.code, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain("farms[0].policy.deny[0]: @office: there is no list of this name");
    }
  });

  it("shows what an unknown writer named without sending it to the terminal", async () => {
    const files = { f: '{"farms": [{"\\u001b[31mred\\u202e": 1}]}' };
    const ran = await sluice(["check", "f"], { files });
    expect(ran.err).toContain("farms[0].\\u001b[31mred\\u202e: Unknown field");
    expect(ran.err).not.toContain("\u001b");
  });

  it("tells programs the same as JSON", async () => {
    const ran = await sluice(["check", "--json", "-"], { files: { "-": wrong } });
    const { error } = JSON.parse(ran.err);
    expect([ran.code, ran.out, error.code]).toEqual([1, "", "invalid"]);
    expect(error.issues[0]).toEqual({ path: "farms[0].name", message: expect.any(String), line: 2, column: 5 });
  });

  it("says how much is in order", async () => {
    const ran = await sluice(["check", "-"], { files: { "-": shop } });
    expect(ran).toEqual({ code: 0, out: "standard input is in order: 1 farm, 3 backends\n", err: "" });
  });
});

describe("hostile documents", () => {
  const evil = [
    '"; flush ruleset; #',
    "x\n}\ndelete table inet sluice",
    "0x51000001 : 1.1.1.1",
    "$(id)",
    "‮⁦web",
    "\u0000",
    "a".repeat(100_000),
    "127.0.0.1 . tcp . 80",
    "192.0.2.1/8",
    "1.2.3.4, 5.6.7.8",
    "::ffff:192.0.2.1",
    "accept",
  ];
  const other: unknown[] = [null, true, -1, 1.5, 1e308, [], [[]], {}, { toString: "x" }, "__proto__"];

  /** Every text and every number of a farm, replaced by each value in turn. */
  const places = [
    "name",
    "addresses.0",
    "ports.0",
    "protocol",
    "scheduler",
    "forwarding",
    "snatAddress",
    "tags.0",
    "persistence.timeoutS",
    "policy.deny.0",
    "policy.dscp",
    "backends.0.name",
    "backends.0.address",
    "backends.0.port",
    "backends.0.weight",
    "backends.0.id",
    "id",
  ];

  it.each(places)("nothing of a hostile %s stands in a script", async (place) => {
    const plain = await sluice(["compile", "-"], {
      files: { "-": JSON.stringify({ farms: [written("shop", "192.0.2.1")] }) },
    });
    for (const value of [...evil, ...other]) {
      const document = { farms: [replaced(written("shop", "192.0.2.1"), place.split("."), value)] };
      const ran = await sluice(["compile", "-"], { files: { "-": JSON.stringify(document) } });
      if (ran.code === 0) expect(ran.out).toMatch(harmless);
      else expect([ran.code, ran.out]).toEqual([1, ""]);
      if (/(^|\.)name$|^tags/.test(place) && ran.code === 0) expect(ran.out).toBe(plain.out);
    }
  });

  it("texts that may hold anything (notes) never reach the script", async () => {
    for (const notes of evil.filter((text) => text.length < 2000)) {
      const document = { farms: [{ ...written("shop", "192.0.2.1"), notes }] };
      const plain = { farms: [written("shop", "192.0.2.1")] };
      const [withNotes, without] = await Promise.all(
        [document, plain].map((each) => sluice(["compile", "-"], { files: { "-": JSON.stringify(each) } })),
      );
      expect(withNotes).toEqual(without);
    }
  });

  it.each([
    ["a list", "[]"],
    ["a text", '"farms"'],
    ["a number", "12"],
    ["null", "null"],
    ["farms that are no list", '{"farms": {"0": 1}}'],
    ["a prototype", '{"__proto__": {"farms": []}}'],
    ["binary", "\u0001\u0002\u0003"],
    ["too many farms", JSON.stringify({ farms: Array(5001).fill({}) })],
  ])("%s is refused with nothing on standard output", async (_what, text) => {
    expect(await sluice(["compile", "-"], { files: { "-": text } })).toMatchObject({ code: 1, out: "" });
  });
});

/** Only what the generator writes: no quote, no shell, nothing beyond plain characters. */
const harmless = /^[\t\n\x20!&*+,\-./0-9:;<=>@A-Z_a-z{}]*$/;

function written(name: string, address: string) {
  return {
    name,
    addresses: [address],
    protocol: "tcp",
    ports: [80],
    backends: [{ name: "web-1", address: "198.51.100.1", port: 8080 }],
  };
}

function replaced(item: unknown, [key = "", ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(item)) return item.map((each, at) => (String(at) === key ? next(each, rest, value) : each));
  const object = (typeof item === "object" ? item : null) ?? {};
  const inner = (object as Record<string, unknown>)[key] ?? (rest[0] === "0" ? [null] : undefined);
  return { ...object, [key]: next(inner, rest, value) };
}

function next(inner: unknown, rest: readonly string[], value: unknown): unknown {
  return rest.length === 0 ? value : replaced(inner, rest, value);
}
