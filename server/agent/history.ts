/** Answers by uuid and the accepted changes of the running epoch, newest within a byte bound. The journal on disk is their source. */
import type { Operation } from "../core/change/operation.ts";
import type { ChangeAnswer, JournalEntry } from "../wire/agent.ts";

export type History = {
  answer(uuid: string): ChangeAnswer | undefined;
  remember(answer: ChangeAnswer): void;
  accept(entry: JournalEntry): void;
  /** accepted changes of `epoch` after n, oldest first, at most 500 */
  after(epoch: number, n: number): JournalEntry[];
};

const answersMax = 20_000;
const entryBytesMax = 64 * 1024 * 1024;
const pageMax = 500;

export function createHistory(): History {
  const answers = new Map<string, ChangeAnswer>();
  let entries: { entry: JournalEntry; bytes: number }[] = [];
  let bytes = 0;
  return {
    answer: (uuid) => answers.get(uuid),
    remember(answer) {
      answers.set(answer.uuid, answer);
      const oldest = answers.size > answersMax ? answers.keys().next() : null;
      if (oldest !== null && !oldest.done) answers.delete(oldest.value);
    },
    accept(entry) {
      const size = roughBytes(entry);
      entries.push({ entry, bytes: size });
      bytes += size;
      let drop = 0;
      for (; bytes > entryBytesMax && drop < entries.length - 1; drop++) bytes -= entries[drop]?.bytes ?? 0;
      if (drop > 0) entries = entries.slice(drop);
    },
    after: (epoch, n) =>
      entries
        .filter(({ entry }) => entry.epoch === epoch && entry.n > n)
        .slice(0, pageMax)
        .map(({ entry }) => entry),
  };
}

/** Enough to keep a bound: a backend is about 300 bytes of JSON, a network of a list at most 90. */
function roughBytes(entry: JournalEntry): number {
  return entry.operations.reduce((sum, operation) => sum + 500 + partsBytes(operation), 500);
}

function partsBytes(operation: Operation): number {
  if (operation.type === "put-farm") return operation.farm.backends.length * 300;
  return operation.type === "put-list" ? operation.list.networks.length * 90 : 0;
}
