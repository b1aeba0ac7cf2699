import { describe, expect, it } from "vitest";
import { readSource } from "./source.ts";

const yaml = `# farms of the shop
farms:
  - name: shop
    addresses: [192.0.2.1]
    backends:
      - { name: web-1, address: 198.51.100.1 }
      - name: web-2
`;

async function read(text: string) {
  const source = await readSource(text);
  if (!source.ok) throw new Error(source.error.text);
  return source.value;
}

async function issuesOf(text: string) {
  const source = await readSource(text);
  return source.ok ? null : source.error.issues;
}

describe("a document's source", () => {
  it.each([
    ["farms", { line: 2, column: 1 }],
    ["farms[0].name", { line: 3, column: 5 }],
    ["farms[0].addresses[0]", { line: 4, column: 17 }],
    ["farms[0].backends[0].address", { line: 6, column: 24 }],
    ["farms[0].backends[1].address", { line: 7, column: 9 }],
    ["farms[0].backends[7]", { line: 5, column: 5 }],
    ["", { line: 2, column: 1 }],
  ])("says where %j stands in YAML, and of what is missing where its parent does", async (path, place) => {
    expect((await read(yaml)).placeOf(path)).toEqual(place);
  });

  it.each([
    ["farms", { line: 2, column: 3 }],
    ["farms[0].name", { line: 3, column: 6 }],
    ["farms[0].ports[1]", { line: 3, column: 35 }],
    ["farms[0].backends[0].address", { line: 3, column: 5 }],
    ["farms[1]", { line: 4, column: 5 }],
  ])("says where %j stands in JSON", async (path, place) => {
    const json = '{\n  "farms": [\n    {"name": "a:{", "ports": [80, 443]},\n    {"x\\"": {"farms": [1]}}\n  ]\n}';
    expect((await read(json)).placeOf(path)).toEqual(place);
  });

  it("reads the same from YAML and from JSON", async () => {
    const { value } = await read(yaml);
    expect((await read(JSON.stringify(value))).value).toEqual(value);
  });

  it.each([
    ["a: 1\nb: 2\na: 3\n", { line: 3, column: 1 }],
    ['{"a": 1,\n "b": {"c": 1, "c": 2}}', { line: 2, column: 16 }],
    ["{a: 1, a: 2}", { line: 1, column: 8 }],
  ])("refuses a key that is there twice: %j", async (text, place) => {
    expect(await issuesOf(text)).toEqual([expect.objectContaining({ message: "This key is there twice", ...place })]);
  });

  it("takes an anchor used a few times, and refuses a small document that unfolds into a huge one", async () => {
    expect((await read("a: &x [1]\nb: *x\nc: *x\n")).value).toEqual({ a: [1], b: [1], c: [1] });
    const bomb = Array.from(
      { length: 9 },
      (_, at) => `l${at}: &l${at} [${Array(9).fill(at === 0 ? "x" : `*l${at - 1}`)}]`,
    );
    expect(await issuesOf(bomb.join("\n"))).toEqual([{ path: "", message: "It repeats itself by aliases too often" }]);
  });

  it("refuses what is nested deeper than any farm, in YAML and in JSON", async () => {
    const message = "It is nested too deeply";
    expect(await issuesOf(`farms: ${"[".repeat(100_000)}`)).toEqual([{ path: "", message }]);
    const json = `{"farms": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(await issuesOf(json)).toEqual([{ path: "", message }]);
  });

  it("reads a JSON text of many megabytes in one string", async () => {
    expect((await read(JSON.stringify({ a: `x\\"`.repeat(4_000_000) }))).placeOf("a")).toEqual({ line: 1, column: 2 });
  });

  it("refuses YAML that would take too long to read", async () => {
    expect(await issuesOf(`a: ${"x".repeat(9 * 1024 * 1024)}`)).toEqual([
      { path: "", message: expect.stringContaining("write it as JSON") },
    ]);
  });

  it.each([
    ["", "The document is empty"],
    [" \n", "The document is empty"],
    ["a: 1\n---\nb: 2\n", "One file holds one document"],
    ["a: !!js/function 'x'\n", "Unresolved tag: tag:yaml.org,2002:js/function"],
    ["a: *nowhere\n", expect.stringContaining("alias")],
    ["a: [1\n", expect.stringContaining("Flow sequence")],
  ])("refuses %j with a sentence", async (text, message) => {
    expect((await issuesOf(text))?.[0]?.message).toEqual(message);
  });

  it("merges nothing by <<: it is a field like any other", async () => {
    expect((await read("a: &a {x: 1}\nb:\n  <<: *a\n")).value).toEqual({ a: { x: 1 }, b: { "<<": { x: 1 } } });
  });
});
