/**
 * What failed in a run, in few lines: a run prints thousands, and of a log that was cut only the end is left.
 * Read from the JSON reports of Vitest and Playwright.
 */
import { stripVTControlCharacters } from "node:util";

const longestReason = 12;

/** @returns {string[]} for each failed test of Vitest's report its file, its name and the first lines of the reason */
export function vitestFailures(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && file.status === "failed") return [entry(file.name, "the file itself", file.message)];
    return failed.map((test) => entry(file.name, test.fullName, test.failureMessages.join("\n")));
  });
}

/** @returns {string[]} the same of Playwright's report, and the errors that belong to no test */
export function playwrightFailures(report) {
  const tests = report.suites.flatMap(specsOf).filter((spec) => !spec.ok);
  return [
    ...tests.map((spec) => entry(spec.file, spec.title, reasonsOf(spec).join("\n"))),
    ...(report.errors ?? []).map((error) =>
      entry("playwright", "outside any test", error.message ?? "no reason given"),
    ),
  ];
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

function reasonsOf(spec) {
  const results = spec.tests.flatMap((test) => test.results);
  return results.flatMap((result) => (result.errors ?? []).map((error) => error.message ?? "no reason given"));
}

function entry(file, name, reason) {
  const lines = stripVTControlCharacters(reason ?? "").split("\n");
  const shown = lines.filter((line) => line.trim() !== "").slice(0, longestReason);
  return [`FAILED ${file}: ${name}`, ...shown.map((line) => `    ${line}`)].join("\n");
}
