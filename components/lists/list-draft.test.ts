import { expect, test } from "vitest";
import { draftOfList, emptyListDraft, readDraft } from "./list-draft.ts";

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
