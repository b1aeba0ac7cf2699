import { describe, expect, test } from "vitest";
import { type ListedRule, readRules } from "./rule-dump.ts";
import { ruleEdit } from "./rule-edit.ts";

const sequence = 0x5a5a5a5a;
/** A chain as kernel 6.18 gave it: `ct mark set numgen random mod 7 offset 0xd1000010 comment "s:01234567"`, then `goto pick`. */
const rules = Buffer.from(
  "a4000000060a02085a5a5a5aec3c0000010000020b000100736c7569636500000a000200665f325f340000000c000300000000000000000358000400340001000b0001006e756d67656e00002400020008000100000000010800020000000007080003000000000108000400d1000010200001000700010063740000140002000800040000000001080002000000000311000700000b733a30313233343536370000000084000000060a02085a5a5a5aec3c0000010000020b000100736c7569636500000a000200665f325f340000000c00030000000000000000040c0006000000000000000003400004003c0001000e000100696d6d6564696174650000002800020008000100000000001c0002001800020008000100fffffffc090002007069636b00000000",
  "hex",
);
const end = Buffer.from("14000000030002005a5a5a5aec3c000000000000", "hex");
const before = 'ct mark set numgen random mod 7 offset 0xd1000010 comment "s:01234567"';

function listed(): ListedRule[] {
  const found: ListedRule[] = [];
  readRules(rules, sequence, found);
  return found;
}

function scheduling(): ListedRule {
  const [rule] = listed();
  if (rule === undefined) throw new Error("no rule");
  return rule;
}

describe("the rules of a chain", () => {
  test("are read in their order, each with its handle and its comment", () => {
    const found: ListedRule[] = [];
    expect([readRules(rules, sequence, found), readRules(end, sequence, found)]).toEqual(["more", "end"]);
    expect(found.map(({ handle }) => handle.at(-1))).toEqual([3, 4]);
    expect(Buffer.from(found[0]?.userdata ?? []).toString("latin1")).toBe("\0\x0bs:01234567\0");
    expect(found[1]?.userdata).toBeNull();
  });

  test("of another question, or cut short, are none", () => {
    expect(readRules(rules, 1, [])).toBe("failed");
    for (let length = 17; length < 164; length++) {
      const found: ListedRule[] = [];
      expect([readRules(rules.subarray(0, length), sequence, found), found]).toEqual(["failed", []]);
    }
  });
});

describe("a scheduling rule", () => {
  test("gets its numbers and its signature, and nothing else changes", () => {
    const rule = scheduling();
    const edited = ruleEdit(rule, before, 'ct mark set numgen random mod 300 offset 0xd1000400 comment "s:89abcdef"');
    const hex = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString("hex");
    expect(hex(edited?.expressions)).toBe(
      hex(rule.expressions).replace("0800020000000007", "080002000000012c").replace("d1000010", "d1000400"),
    );
    expect(Buffer.from(edited?.userdata ?? []).toString("latin1")).toBe("\0\x0bs:89abcdef\0");
    expect(hex(edited?.handle)).toBe(hex(rule.handle));
    expect(hex(rule.expressions)).toContain("0800020000000007");
  });

  test.each<[string, string, string]>([
    ["other words", before, 'ct mark set numgen inc mod 8 offset 0xd1000010 comment "s:89abcdef"'],
    ["no signature", before, "ct mark set numgen random mod 8 offset 0xd1000010"],
    ["numbers that are not there", before.replace("mod 7", "mod 9"), before.replace("mod 7", "mod 8")],
    ["a block that is not there", before.replace("0010", "0020"), before.replace("mod 7", "mod 8")],
    ["a signature that is not there", before.replace("s:0", "s:1"), before.replace("mod 7", "mod 8")],
    ["a set of its own", `${before.slice(0, -10)} { 1 }`, `${before.slice(0, -10)} { 1 }`],
    ["two generators, where there is one", `${before} mod 3 offset 0xd1000000`, `${before} mod 4 offset 0xd1000000`],
  ])("with %s is nft's to write", (_, was, will) => {
    expect(ruleEdit(scheduling(), was, will)).toBeNull();
  });
});
