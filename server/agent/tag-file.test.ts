import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultTag } from "../core/allocation/marks.ts";
import { recordedTag, recordTag } from "./tag-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-tag-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a tag is read back as it was noted, and nothing else is left in the folder", async () => {
  await recordTag(folder, 0x2a);
  expect([recordedTag(folder), readdirSync(folder)]).toEqual([0x2a, ["tag"]]);
  await recordTag(folder, defaultTag);
  expect(recordedTag(folder)).toBe(defaultTag);
});

test.each(["", "\n", "0", "0x", "nonsense"])(
  "a file that was torn (%j) is no tag of 0: the start is not refused",
  (text) => {
    writeFileSync(join(folder, "tag"), text);
    expect(recordedTag(folder)).toBe(defaultTag);
  },
);
