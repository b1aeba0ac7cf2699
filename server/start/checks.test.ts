import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the kernel is tried with every fixed rule, map and set that the agent writes, and with both ways to choose a slot", () => {
  const probe = new Set(read("./kernel-probe.nft").split("\n"));
  const written = read("../core/ruleset/testdata/empty.nft").split("\n");
  const missing = written.filter((line) => !probe.has(line) && !/^(delete )?table inet sluice$/.test(line));
  expect(missing).toEqual([]);
  for (const way of ["inc", "random"])
    expect(probe.has(`\t\tct mark set numgen ${way} mod 2 offset 0xd1000000`)).toBe(true);
});
