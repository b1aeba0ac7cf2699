import { describe, expect, test } from "vitest";
import { readArguments } from "./arguments.mjs";
import { nodeProblem } from "./node-version.mjs";

describe("a Node that is too old", () => {
  test.each(["16.20.2", "18.20.4", "20.18.3"])("%s is told so", (version) => {
    expect(nodeProblem(version)).toBe(`Sluice needs Node 20.19 or newer; this is Node ${version}.`);
  });
  test.each(["20.19.0", "22.0.0", "24.1.2"])("%s is taken", (version) => {
    expect(nodeProblem(version)).toBe(null);
  });
});

describe("what npm start was asked for", () => {
  test("the dashboard is on this machine's port 3000 unless something else is asked", () => {
    const asked = readArguments([], "3000");
    expect([asked.listen, asked.port, asked.originFor(asked.port)]).toEqual([
      "127.0.0.1",
      3000,
      "http://127.0.0.1:3000",
    ]);
  });
  test("--port goes before PORT", () => {
    expect(readArguments(["--port", "4000"], "5000").port).toBe(4000);
    expect(readArguments([], "5000").port).toBe(5000);
  });
  test("an IPv6 address to listen on makes a link a browser takes", () => {
    expect(readArguments(["--listen", "::1"], "3000").originFor(3000)).toBe("http://[::1]:3000");
    expect(readArguments(["--listen", "0.0.0.0"], "3000").originFor(3000)).toBe("http://127.0.0.1:3000");
  });
  test.each([
    [["--port", "0x50g"], /^A port is a number/],
    [["--port", "65536"], /^A port is a number/],
    [["--origin", "example.org"], /^An origin looks like/],
    [["--remove"], /^--remove goes with --host/],
    [["--nonsense"], /^Unknown option '--nonsense'/],
  ])("%j is refused in a sentence", (words, sentence) => {
    expect(() => readArguments(words, "3000")).toThrow(sentence);
  });
});
