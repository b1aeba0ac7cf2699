import { expect, test } from "vitest";
import { objectNames } from "../core/ruleset/model.ts";
import { flatten, withCut, withRetired } from "../core/ruleset/ruleset.ts";
import { built, everyKind } from "../core/ruleset/ruleset-fixture.ts";
import { sameElements, wantedElements } from "./kernel-compare.ts";

const now = () => Promise.resolve();
const ruleset = withRetired(
  withCut(built(everyKind()).ruleset, { orig: new Set([1, 2]), reply: new Set([1]) }),
  new Set([9_000]),
);
const flat = flatten(ruleset);

test("of every map and set exactly what the kernel shall have is wanted, and one that shall not be there is not", async () => {
  const listed = new Map<string, ReadonlyMap<string, string>>(flat.elements);
  for (const [name, { elements }] of flat.objects) listed.set(name, elements);
  for (const [name, elements] of listed) {
    const want = wantedElements(ruleset, name);
    expect([name, want !== null && (await sameElements(elements, want, now))]).toEqual([name, true]);
  }
  expect([listed.size > objectNames.length, wantedElements(ruleset, "sm_999_4_abcd")]).toEqual([true, null]);
  const small = built(everyKind().slice(0, 2)).ruleset;
  expect([wantedElements(small, "dsr4"), wantedElements(small, "slots")?.kind]).toEqual([null, "map"]);
});

test("one element more, one less and one that leads elsewhere are found", async () => {
  const want = wantedElements(ruleset, "slots");
  const slots = flat.elements.get("slots") ?? new Map<string, string>();
  const [first = ""] = slots.keys();
  const less = new Map(slots);
  less.delete(first);
  const changed = [new Map(slots).set("0xd1ffff00", "0x51000001"), less, new Map(slots).set(first, "0x51000fff")];
  if (want === null) throw new Error("no slots");
  expect(await Promise.all(changed.map((listed) => sameElements(listed, want, now)))).toEqual([false, false, false]);
});
