/**
 * What the agent remembers across its own death: the last snapshot (desired farms, their versions, the allocation) and the
 * journal after it, in numbered segments. The state at start is the snapshot with every record of its segment and later ones
 * applied in order; because allocation is deterministic, new ids are on disk as soon as the intent that makes them is.
 *
 *   snapshot.json        { segment, epoch, n, digest, farms, allocation }: tmp, fsync, rename, fsync of the folder
 *   journal-<k>.log      segment k; older segments stay (history for who asks "what came after n") up to a bound
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod/mini";
import { type JournalFile, openJournalFile, readJournalFile, syncFolder } from "./journal.ts";
import { type JournalRecord, journalRecordSchema, type Snapshot, snapshotSchema } from "./records.ts";

export type Store = {
  append(record: JournalRecord): Promise<void>;
  /** a record that the ones before it make again, should the power fail now: see journal.ts */
  write(record: JournalRecord): Promise<void>;
  /** bytes in the segment that a start would have to replay */
  pendingBytes(): number;
  /** later records go to a new segment; `write` then makes the snapshot that needs only that segment */
  rotate(): Promise<(state: Omit<Snapshot, "segment">) => Promise<void>>;
  close(): Promise<void>;
};

export type Restored = {
  readonly snapshot: Snapshot | null;
  /** records after the snapshot, to be applied */
  readonly records: readonly JournalRecord[];
  /** records before it, kept for history only */
  readonly history: readonly JournalRecord[];
  readonly damage: readonly string[];
  /** so many of `records` stand before the last place where something of the farms or ids is lost; null = all of it is there */
  readonly lostAt: number | null;
};

const historyBytesMax = 64 * 1024 * 1024;
const snapshotName = "snapshot.json";

export async function openStore(dataDir: string): Promise<{ store: Store; restored: Restored }> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const restored = restore(dataDir);
  const numbers = segments(dataDir);
  // what is appended after a damaged line would not be read at the next start
  const last = (numbers.at(-1) ?? 1) + (restored.isLastDamaged ? 1 : 0);
  let current = Math.max(restored.snapshot?.segment ?? 1, last);
  let file: JournalFile = await openJournalFile(segmentPath(dataDir, current));
  const store: Store = {
    append: (record) => file.append(record),
    write: (record) => file.write(record),
    pendingBytes: () => file.size(),
    async rotate() {
      const next = await openJournalFile(segmentPath(dataDir, current + 1));
      await file.close();
      file = next;
      current += 1;
      const segment = current;
      return async (state) => {
        await writeSnapshot(dataDir, { segment, ...state });
        dropOldSegments(dataDir, segment);
      };
    },
    close: () => file.close(),
  };
  return { store, restored };
}

function restore(dataDir: string): Restored & { readonly isLastDamaged: boolean } {
  const damage: string[] = [];
  const snapshot = readSnapshot(join(dataDir, snapshotName), damage);
  const records: JournalRecord[] = [];
  const history: JournalRecord[] = [];
  let isLastDamaged = false;
  const numbers = segments(dataDir);
  const isCut = snapshot === null && (numbers[0] ?? 1) > 1;
  if (isCut) damage.push("there is no snapshot, and the journal before the oldest segment is gone");
  let lostAt = isCut ? 0 : null;
  for (const number of numbers) {
    const read = readJournalFile(segmentPath(dataDir, number));
    isLastDamaged = read.damaged;
    if (read.damaged) damage.push(`journal-${number}.log has a damaged line; what follows it in this file is lost`);
    const into = snapshot !== null && number < snapshot.segment ? history : records;
    for (const raw of read.records) {
      const parsed = journalRecordSchema.safeParse(raw);
      if (parsed.success) into.push(parsed.data);
      else damage.push(`journal-${number}.log has a record that cannot be read: ${issueText(parsed.error)}`);
      if (!parsed.success && into === records && decides(raw)) lostAt = records.length;
    }
    if (read.damaged && into === records) lostAt = records.length;
  }
  return { snapshot, records, history, damage, lostAt, isLastDamaged };
}

/** What was measured is measured again, and an outcome follows from the intent; of the others the farms or ids are made. */
function decides(raw: unknown): boolean {
  const type: unknown = typeof raw === "object" && raw !== null ? Reflect.get(raw, "type") : null;
  return type !== "conditions" && type !== "outcome";
}

function issueText(error: z.core.$ZodError): string {
  const first = error.issues[0];
  return first === undefined ? "unknown" : `${first.path.map(String).join(".")} ${first.message}`;
}

function readSnapshot(path: string, damage: string[]): Snapshot | null {
  if (!existsSync(path)) return null;
  try {
    const parsed = snapshotSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (parsed.success) return parsed.data;
    damage.push(`snapshot.json cannot be read: ${issueText(parsed.error)}`);
  } catch {
    damage.push("snapshot.json is not JSON");
  }
  renameSync(path, `${path}.damaged`);
  return null;
}

async function writeSnapshot(dataDir: string, snapshot: Snapshot): Promise<void> {
  const path = join(dataDir, snapshotName);
  const handle = await open(`${path}.tmp`, "w", 0o600);
  try {
    // write() may take only a part of it when the disk is nearly full; this goes on from there, or fails
    for (const piece of snapshotPieces(snapshot)) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  renameSync(`${path}.tmp`, path);
  syncFolder(dataDir);
}

/** In pieces, so that thousands of farms do not hold up the next change. */
function* snapshotPieces(snapshot: Snapshot): Generator<string> {
  const { farms, ...head } = snapshot;
  yield `${JSON.stringify(head).slice(0, -1)},"farms":[`;
  const perPiece = 50;
  for (let at = 0; at < farms.length; at += perPiece) {
    const text = JSON.stringify(farms.slice(at, at + perPiece));
    yield `${at === 0 ? "" : ",\n"}${text.slice(1, -1)}`;
  }
  yield "]}\n";
}

function segmentPath(dataDir: string, number: number): string {
  return join(dataDir, `journal-${number}.log`);
}

function segments(dataDir: string): number[] {
  return readdirSync(dataDir)
    .map((name) => /^journal-([0-9]+)\.log$/.exec(name)?.[1])
    .filter((found) => found !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Keeps the newest segments within the byte bound; the ones a start needs are always kept. */
function dropOldSegments(dataDir: string, neededFrom: number): void {
  let bytes = 0;
  for (const number of segments(dataDir).reverse()) {
    bytes += statSync(segmentPath(dataDir, number)).size;
    if (number < neededFrom && bytes > historyBytesMax) rmSync(segmentPath(dataDir, number));
  }
}
