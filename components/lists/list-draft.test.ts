import { expect, test } from "vitest";
import { draftOfList, emptyListDraft, parseKeptDraft, readDraft } from "./list-draft.ts";

const id = "00000000-0000-4000-8000-000000000001";

test("what is typed becomes a list in its canonical form, and reads back as it is shown", () => {
  const { list } = readDraft({ name: " office ", networks: "10.1.0.0/16\n\n10.0.0.0/16, fd00::/8", notes: "" }, id);
  expect(list).toEqual({ id, name: "office", networks: ["10.0.0.0/15", "fd00::/8"], notes: "" });
  expect(list === null ? null : readDraft(draftOfList(list), id).list).toEqual(list);
});

test("each wrong entry is told at its line, whatever stands before it", () => {
  const { list, errors } = readDraft({ ...emptyListDraft, name: "x", networks: "10.0.0.1\n\nten\n@other" }, id);
  expect(list).toBeNull();
  expect(errors.networks).toEqual([
    expect.stringMatching(/^Line 3: "ten" is not an address/),
    expect.stringMatching(/^Line 4: "@other" is not an address/),
  ]);
  expect(readDraft({ ...emptyListDraft, name: "Office" }, id).errors.name).toHaveLength(1);
});

test("edits that the browser kept come back for the version they were made on, and nothing else does", () => {
  const draft = { name: "office", networks: "10.0.0.0/8", notes: "" };
  expect(parseKeptDraft({ version: 3, draft }, 3)).toEqual(draft);
  expect(parseKeptDraft({ version: null, draft }, null)).toEqual(draft);
  expect(parseKeptDraft({ version: 3, draft }, 4)).toBeNull();
  expect(parseKeptDraft({ version: 3, draft: { name: 1 } }, 3)).toBeNull();
});
