import { expect, test } from "vitest";
import { readForeignRules } from "./foreign-rules.ts";
import type { RunProcess } from "./run-process.ts";

function runWith(tables: readonly { family: string; name: string }[], table: Awaited<ReturnType<RunProcess>>) {
  const asked: string[] = [];
  const run: RunProcess = (_command, args) => {
    asked.push(args.join(" "));
    if (args[2] !== "tables") return Promise.resolve(table);
    const stdout = JSON.stringify({ nftables: tables.map((each) => ({ table: each })) });
    return Promise.resolve({ ...table, status: "ok", stdout });
  };
  return { run, asked };
}

const done = { status: "ok" as const, code: 0, stdout: '{"nftables":[]}', stderr: "", durationMs: 1 };
const ours = [
  { family: "inet", name: "sluice" },
  { family: "netdev", name: "sluice" },
  { family: "inet", name: "sluice_anchor" },
];

test("our own tables are never listed", async () => {
  const { run, asked } = runWith([...ours, { family: "ip", name: "filter" }], done);
  expect(await readForeignRules(run)).toEqual({ chains: [], unread: [] });
  expect(asked).toEqual(["-j list tables", "-j list table ip filter"]);
});

test.each(["x; flush ruleset", "a b", "$x", "{", "", "-f"])(
  "a table named %j is not passed on to nft",
  async (name) => {
    const { run, asked } = runWith([{ family: "ip", name }], done);
    expect(await readForeignRules(run)).toMatchObject({ unread: ["a table with an unusual name"] });
    expect(asked).toHaveLength(1);
  },
);

test.each([
  ["too-much", "too large"],
  ["timeout", "reading took too long"],
  ["failed", "nft could not list it"],
] as const)("a table whose listing ends with %s is said to be %s", async (status, words) => {
  const { run } = runWith([{ family: "ip", name: "filter" }], { ...done, status });
  expect(await readForeignRules(run)).toEqual({ chains: [], unread: [`table ip filter (${words})`] });
});
