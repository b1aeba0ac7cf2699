import { describe, expect, it } from "vitest";
import { playwrightFailures, vitestFailures } from "./failures.mjs";

describe("what failed, told again at the end of a run", () => {
  it("names file, test and the first lines of the reason, without colours", () => {
    const reason = `\u001b[31mAssertionError: expected 1 to be 2\u001b[39m\n\n${"at line\n".repeat(40)}`;
    const report = {
      testResults: [
        {
          name: "a.test.ts",
          status: "failed",
          message: "",
          assertionResults: [
            { status: "passed", fullName: "is fine", failureMessages: [] },
            { status: "failed", fullName: "counts", failureMessages: [reason] },
          ],
        },
      ],
    };
    const told = vitestFailures(report);
    expect(told).toHaveLength(1);
    const lines = told.join("").split("\n");
    expect(lines.slice(0, 2)).toEqual(["FAILED a.test.ts: counts", "    AssertionError: expected 1 to be 2"]);
    expect(lines).toHaveLength(13);
  });

  it("tells of a file that could not be read at all", () => {
    const file = { name: "b.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] };
    expect(vitestFailures({ testResults: [file] })).toEqual([
      "FAILED b.test.ts: the file itself\n    Cannot find module",
    ]);
  });

  it("finds a browser's tests at any depth, and errors outside of them", () => {
    const spec = {
      file: "live.spec.ts",
      title: "stays green",
      ok: false,
      tests: [{ results: [{ errors: [{ message: "locator not found" }] }] }],
    };
    const fine = { ...spec, ok: true };
    const report = { suites: [{ specs: [fine], suites: [{ specs: [spec] }] }], errors: [{ message: "no server" }] };
    expect(playwrightFailures(report)).toEqual([
      "FAILED live.spec.ts: stays green\n    locator not found",
      "FAILED playwright: outside any test\n    no server",
    ]);
  });
});
