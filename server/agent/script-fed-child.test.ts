import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { NftChild } from "./nft-child.ts";
import { feedByScript } from "./script-fed-child.ts";

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-script-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function child(): NftChild {
  return {
    run: (line) => {
      lines.push(line);
      return Promise.resolve({ status: "ok", output: "" });
    },
    pid: () => 1,
    stop: () => undefined,
  };
}

const long = `add element inet sluice slots { ${"0xd1000000 : 0x51000001, ".repeat(100)} }`;

test("a short line goes as it is", async () => {
  await feedByScript(child(), join(folder, "tx.nft")).run("flush chain inet sluice f_1_4", 100);
  expect(lines).toEqual(["flush chain inet sluice f_1_4"]);
});

test("a long line is a file that nft includes, whole and with its end of line", async () => {
  const file = join(folder, "tx.nft");
  await feedByScript(child(), file).run(long, 100);
  expect(lines).toEqual([`include "${file}"`]);
  expect(readFileSync(file, "utf8")).toBe(`${long}\n`);
});

test("nothing of a longer line before is left in the file, and one that was removed is made again", async () => {
  const file = join(folder, "tx.nft");
  const fed = feedByScript(child(), file);
  await fed.run(`${long}; ${long}`, 100);
  await fed.run(long, 100);
  expect(readFileSync(file, "utf8")).toBe(`${long}\n`);
  rmSync(file);
  await fed.run(long, 100);
  expect(readFileSync(file, "utf8")).toBe(`${long}\n`);
});

test("where the file cannot be written, or nft would take its path for a pattern, the line goes as it is", async () => {
  await feedByScript(child(), join(folder, "absent", "tx.nft")).run(long, 100);
  await feedByScript(child(), join(folder, "[a]*.nft")).run(long, 100);
  expect(lines).toEqual([long, long]);
});
