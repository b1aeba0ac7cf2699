import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (id: number) => ({ type: "allocation" as const, step: "forget-retired" as const, ids: [id] });

test("what is appended after a damaged line is read at the next start", async () => {
  const first = await openStore(folder);
  await first.store.append(record(1));
  await first.store.close();
  // a power loss that left a hole between lines that nobody waited for
  appendFileSync(join(folder, "journal-1.log"), '\\0\\0\\0\\0"}\n');
  const second = await openStore(folder);
  expect(second.restored.damage).toHaveLength(1);
  await second.store.append(record(2));
  await second.store.close();
  const third = await openStore(folder);
  await third.store.close();
  expect(third.restored.records).toEqual([record(1), record(2)]);
});
