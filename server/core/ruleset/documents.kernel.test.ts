import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Farm } from "../farm/types.ts";
import { parseFarm } from "../farm/validate.ts";
import { anyFarm } from "./any-farm.testing.ts";
import { diff } from "./diff.ts";
import { parseTableListing } from "./listing.ts";
import { renderScript } from "./render.ts";
import { flatten } from "./ruleset.ts";
import { built, comparable } from "./ruleset-fixture.ts";

/** Any document is either refused with a path and a reason, or the kernel takes it and lists back what was meant. */
const isLong = process.env.SLUICE_LONG === "1";
const documents = isLong ? 10_000 : 300;
/** the same documents in every short run; a long run takes new ones, and a failure names them */
const seed = isLong ? Date.now() % 1_000_000_007 : 2016;
const batchSize = 100;
const timeoutMs = isLong ? 900_000 : 60_000;

const isMissing = spawnSync("unshare", ["-n", "nft", "list", "tables"]).status !== 0;
const reason = isMissing ? " (skipped, missing: a network namespace with nf_tables)" : "";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-documents-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uuid = (number: number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

type Outcome = { readonly farm: Farm } | { readonly refused: readonly { path: string; message: string }[] };

function parsed(document: object & { backends: readonly object[] }, at: number): Outcome {
  const backends = document.backends.map((backend, index) => ({ id: uuid(at * 100 + index + 1), ...backend }));
  const result = parseFarm({ id: uuid(at * 100), name: `any-${at}`, ...document, backends });
  return result.ok ? { farm: result.value } : { refused: result.error.issues ?? [] };
}

const outcomes = fc.sample(anyFarm, { numRuns: documents, seed }).map(parsed);

describe(`${documents} documents of seed ${seed}`, () => {
  it("are refused with a path and a sentence, or not at all", () => {
    const refused = outcomes.flatMap((outcome) => ("refused" in outcome ? [outcome.refused] : []));
    for (const issues of refused) {
      expect(issues.length).toBeGreaterThan(0);
      for (const { path, message } of issues) {
        expect(path).toMatch(/^[a-zA-Z]+(\[\d+\])?(\.[a-zA-Z0-9]+)*$/);
        expect(message.length).toBeGreaterThan(10);
      }
    }
    // of both kinds enough to say something
    expect(refused.length).toBeGreaterThan(documents / 20);
    expect(outcomes.length - refused.length).toBeGreaterThan(documents / 5);
  });

  it.skipIf(isMissing)(
    `that are not refused load, and list back as the same model${reason}`,
    () => {
      const farms = outcomes.flatMap((outcome) => ("farm" in outcome ? [outcome.farm] : []));
      for (let from = 0; from < farms.length; from += batchSize) checkBatch(farms.slice(from, from + batchSize));
    },
    timeoutMs,
  );
});

/** One namespace for many documents: each replaces the one before. */
function checkBatch(farms: readonly Farm[]): void {
  const rulesets = farms.map((farm) => built([farm]).ruleset);
  for (const [at, ruleset] of rulesets.entries()) writeFileSync(join(folder, `${at}.nft`), renderScript(ruleset));
  const lists = "nft -j list table inet sluice > $i.json && { nft -j list table netdev sluice > $i.netdev || true; }";
  // a script without direct return says nothing about the table of one before it
  const each = `nft delete table netdev sluice 2>/dev/null; nft -f $i.nft && { ${lists}; } 2>/dev/null || { echo "document $i" >&2; exit 1; }`;
  const loop = `for i in $(seq 0 ${farms.length - 1}); do ${each}; done`;
  const run = spawnSync("unshare", ["-n", "sh", "-c", loop], { cwd: folder, encoding: "utf8" });
  expect(run.status, `${run.stderr.slice(0, 2000)} ${failing(farms, run.stderr)}`).toBe(0);
  for (const [at, ruleset] of rulesets.entries()) {
    const [inet = "", netdev = ""] = ["json", "netdev"].map((kind) =>
      readFileSync(join(folder, `${at}.${kind}`), "utf8"),
    );
    const listing = parseTableListing(inet, ruleset.tag, netdev === "" ? null : netdev);
    if (!listing.ok || listing.value === null) throw new Error(`document ${at} is not listed`);
    const { flat, foreign, missing } = listing.value;
    expect({ foreign, missing }, JSON.stringify(farms[at])).toEqual({ foreign: [], missing: [] });
    expect(comparable(flat), JSON.stringify(farms[at])).toEqual(comparable(flatten(ruleset)));
    expect(diff(flat, ruleset), JSON.stringify(farms[at])).toEqual([]);
  }
}

function failing(farms: readonly Farm[], stderr: string): string {
  const at = /document (\d+)/.exec(stderr)?.[1];
  return at === undefined ? "" : JSON.stringify(farms[Number(at)]);
}
