/**
 * `npm test`: installs what it needs, then runs every suite and counts. `--only unit,kernel` runs some, `--long` the long versions.
 * Goes on after a failure, so that one run tells everything; the end names what failed and why, the last line is "N passed, N failed".
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { bin, buildBundles, buildWeb, generateClient } from "./build.mjs";
import { checkout, inCheckout } from "./checkout.mjs";
import { basePrograms, ensurePrograms, servicePrograms, widenPath } from "./debian.mjs";
import { playwrightFailures, vitestFailures } from "./failures.mjs";
import { ensureNodeModules, neededPrograms } from "./install.mjs";
import { main, Problem, say, show } from "./steps.mjs";

let reports = "";
const oneTest = (isPassed) => ({ passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 });

/** name -> work, in the order of how soon they tell something */
const suites = {
  format: () => program(bin("@biomejs/biome", "bin/biome", ["format", "."])),
  lint: () => program(bin("@biomejs/biome", "bin/biome", ["lint", "."])),
  types: types,
  imports: () => program([process.execPath, inCheckout("server/start/check-imports.mjs")]),
  unused: () => program(bin("knip", "bin/knip.js", [])),
  unit: () => vitest("unit"),
  kernel: () => vitest("kernel"),
  build: build,
  start: () => vitest("start"),
  browser: () => playwright("browser"),
  accessibility: () => playwright("accessibility"),
};

await main(async () => {
  widenPath();
  const asked = readOptions();
  if (asked.isLong) process.env.SLUICE_LONG = "1";
  await prepare(asked.names);
  reports = mkdtempSync(`${tmpdir()}/sluice-report-`);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  const failures = [];
  for (const name of asked.names) {
    say(`\n== ${name}`);
    const startedMs = Date.now();
    const result = await suites[name]().catch(failure);
    for (const key of Object.keys(total)) total[key] += result[key];
    const line = `${name}: ${countLine(result)}, ${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
    summary.push(line);
    failures.push(...(result.failures ?? []));
    say(line);
  }
  rmSync(reports, { recursive: true, force: true });
  say(`\n${[...failures, "", ...summary].join("\n")}\n\n${countLine(total)}`);
  return total.failed === 0 ? 0 : 1;
});

function readOptions() {
  const { values } = parseArgs({ options: { only: { type: "string" }, long: { type: "boolean", default: false } } });
  const names = values.only === undefined ? Object.keys(suites) : values.only.split(",");
  const unknown = names.filter((name) => suites[name] === undefined);
  if (unknown.length > 0)
    throw new Problem(`No suite ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}.`);
  return { names, isLong: values.long };
}

async function prepare(names) {
  const isBrowser = names.includes("browser") || names.includes("accessibility");
  const services = names.includes("unit") ? servicePrograms : [];
  await ensurePrograms([...basePrograms, ...services, ...(isBrowser ? ["chromium"] : [])], neededPrograms);
  await ensureNodeModules();
  await generateClient();
  await buildBundles();
  if ((isBrowser || names.includes("start")) && !names.includes("build")) await buildWeb();
}

function failure(error) {
  process.stderr.write(`${error instanceof Problem ? error.message : error.stack}\n`);
  return oneTest(false);
}

function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function program(argv) {
  return oneTest((await show(argv, { cwd: checkout })) === 0);
}

/** Next writes the types of its routes and next-env.d.ts; a fresh checkout has neither. */
async function types() {
  const typed = await show(bin("next", "dist/bin/next", ["typegen"]), { cwd: checkout });
  const checked = await show(bin("typescript", "bin/tsc", ["--noEmit"]), { cwd: checkout });
  return oneTest(typed === 0 && checked === 0);
}

async function build() {
  await buildWeb();
  return oneTest(existsSync(inCheckout(".next/standalone/server.js")));
}

async function vitest(project) {
  const report = `${reports}/${project}.json`;
  const words = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await show(bin("vitest", "vitest.mjs", words), { cwd: checkout });
  if (!existsSync(report)) return oneTest(false);
  const said = JSON.parse(readFileSync(report, "utf8"));
  const result = {
    passed: said.numPassedTests,
    failed: said.numFailedTests,
    skipped: said.numPendingTests + said.numTodoTests,
    failures: vitestFailures(said),
  };
  return atLeastOneFailure(result, code);
}

async function playwright(project) {
  const report = `${reports}/${project}.json`;
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, CI: "1" };
  const words = ["test", `--project=${project}`, "--reporter=list,json"];
  const code = await show(bin("@playwright/test", "cli.js", words), { cwd: checkout, env });
  if (!existsSync(report)) return oneTest(false);
  const said = JSON.parse(readFileSync(report, "utf8"));
  const { expected, unexpected, flaky, skipped } = said.stats;
  const failures = playwrightFailures(said);
  return atLeastOneFailure({ passed: expected, failed: unexpected + flaky, skipped, failures }, code);
}

/** A suite that ended badly without a failed test (a broken file, a crash) has failed. */
function atLeastOneFailure(result, code) {
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
}
