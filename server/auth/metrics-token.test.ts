import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasMetricsToken, readMetricsToken, replaceMetricsToken } from "./metrics-token.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-token-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first = "first-token-of-some-length";

test("without a token nobody gets in, not even with an empty one", () => {
  for (const offered of [null, "", "Bearer ", "Bearer x", "Basic x"])
    expect(hasMetricsToken(folder, offered)).toBe(false);
});

test("the token of the file gets in, whoever put it there; one that is too short is none", () => {
  writeFileSync(join(folder, "metrics-token"), `${first}\n`);
  expect(hasMetricsToken(folder, `Bearer ${first}`)).toBe(true);
  expect(hasMetricsToken(folder, `Bearer ${first}x`)).toBe(false);
  expect(hasMetricsToken(folder, first)).toBe(false);
  writeFileSync(join(folder, "metrics-token"), "short\n");
  expect(hasMetricsToken(folder, "Bearer short")).toBe(false);
});

test("a new token is readable by its owner only, and the one before opens nothing", () => {
  replaceMetricsToken(folder, () => first);
  expect(statSync(join(folder, "metrics-token")).mode & 0o777).toBe(0o600);
  replaceMetricsToken(folder, () => "second-token-of-some-length");
  expect(hasMetricsToken(folder, `Bearer ${first}`)).toBe(false);
  expect(readMetricsToken(folder)).toBe("second-token-of-some-length");
});
