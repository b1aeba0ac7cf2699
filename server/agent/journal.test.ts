import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournalFile, readJournalFile } from "./journal.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-journal-"));
  path = join(folder, "journal-1.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what was appended is read back in order", async () => {
  const file = await openJournalFile(path);
  for (const n of [1, 2, 3]) await file.append({ n });
  await file.close();
  expect(readJournalFile(path)).toEqual({ records: [{ n: 1 }, { n: 2 }, { n: 3 }], damaged: false });
});

test("what was only written stands between the synced lines in its order, and outlives the process", async () => {
  const file = await openJournalFile(path);
  await file.append({ n: 1 });
  await file.write({ n: 2 });
  expect(readJournalFile(path).records).toEqual([{ n: 1 }, { n: 2 }]);
  await file.append({ n: 3 });
  expect(file.size()).toBe(readFileSync(path).length);
  await file.close();
  expect(readJournalFile(path)).toEqual({ records: [{ n: 1 }, { n: 2 }, { n: 3 }], damaged: false });
});

test("lines that nobody waited for stand whole and in their order, and before those that came later", async () => {
  const file = await openJournalFile(path);
  const text = "x".repeat(100_000);
  for (let n = 1; n <= 5; n++) void file.write({ n, text });
  await file.append({ n: 6 });
  void file.write({ n: 7 });
  await file.close();
  const { records, damaged } = readJournalFile(path);
  expect(records.map((record) => JSON.parse(JSON.stringify(record)).n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect([damaged, file.size()]).toEqual([false, readFileSync(path).length]);
});

test("a torn last line is cut off, at whatever byte it was torn, and the file goes on after it", async () => {
  const line = `${JSON.stringify({ n: 2, text: "käse" })}\n`;
  const bytes = Buffer.from(line);
  for (let cut = 1; cut < bytes.length; cut++) {
    rmSync(path, { force: true });
    const first = await openJournalFile(path);
    await first.append({ n: 1 });
    await first.close();
    appendFileSync(path, bytes.subarray(0, cut));
    expect(readJournalFile(path)).toEqual({ records: [{ n: 1 }], damaged: false });
    const again = await openJournalFile(path);
    await again.append({ n: 3 });
    await again.close();
    expect(readJournalFile(path).records).toEqual([{ n: 1 }, { n: 3 }]);
  }
});

test("a damaged line inside is told, what stands before it is kept", () => {
  appendFileSync(path, '{"n":1}\n{"n":\n{"n":3}\n');
  expect(readJournalFile(path)).toEqual({ records: [{ n: 1 }], damaged: true });
  expect(readFileSync(path, "utf8")).toContain('{"n":3}');
});

test("a file that is not there has no records", () => {
  expect(readJournalFile(path)).toEqual({ records: [], damaged: false });
});
