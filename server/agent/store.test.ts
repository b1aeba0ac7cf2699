import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

test("where something is lost is told: in the journal a start needs, or before it; not where only measurements are lost", async () => {
  const journal = (number: number) => join(folder, `journal-${number}.log`);
  const write = (number: number, ...lines: unknown[]) =>
    writeFileSync(
      journal(number),
      lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
    );
  const lostAt = async () => {
    const { store, restored } = await openStore(folder);
    await store.close();
    return [restored.lostAt, restored.records.length];
  };
  write(1, record(1), record(2));
  expect(await lostAt()).toEqual([null, 2]);
  write(1, record(1), "{{{", record(2));
  expect(await lostAt(), "a line that is no JSON").toEqual([1, 1]);
  write(2, record(3));
  expect(await lostAt()).toEqual([1, 2]);
  write(1, record(1), { type: "intent", kind: "of another version" }, record(2));
  expect(await lostAt(), "an intent that cannot be read").toEqual([1, 3]);
  write(1, record(1), { type: "conditions", farms: 7 }, { type: "outcome" }, record(2));
  expect(await lostAt(), "measured anew, and what follows from an intent").toEqual([null, 3]);
  renameSync(journal(1), journal(3));
  expect(await lostAt(), "no snapshot and no first segment").toEqual([0, 3]);
});
