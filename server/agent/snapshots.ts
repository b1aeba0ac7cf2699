/** A snapshot every hundred revisions or 8 MB of journal, written in the background from a state that nobody changes any more. */
import { serializeAllocation } from "../core/allocation/serialize.ts";
import type { State } from "./plan.ts";
import type { Snapshot } from "./records.ts";
import type { Store } from "./store.ts";

export type SnapshotsDeps = {
  readonly store: Store;
  /** the segment must change at the moment of this state: between two turns */
  readonly betweenTurns: <T>(task: (state: State, digest: string) => Promise<T>) => Promise<T>;
  /** calls back later; gives what takes it back */
  readonly after: (ms: number, task: () => void) => () => void;
  readonly onError: (error: unknown) => void;
};

const revisionsPerSnapshot = 100;
const bytesPerSnapshot = 8 * 1024 * 1024;
/** it is written when nothing has changed for this long, or when this many times the revisions have gathered */
const quietMs = 1000;
const patience = 10;

export function createSnapshots(
  deps: SnapshotsDeps,
  conditions: () => Snapshot["conditions"],
  last: { epoch: number; n: number },
) {
  let written = last;
  let isWriting = false;
  let waiting: (() => void) | null = null;

  async function write(): Promise<void> {
    const finish = await deps.betweenTurns(async (state, digest) => {
      const writeFile = await deps.store.rotate();
      return { state, digest, writeFile, measured: conditions() };
    });
    const { epoch, n, farms, lists } = finish.state.desired;
    const allocation = serializeAllocation(finish.state.allocation);
    await finish.writeFile({
      epoch,
      n,
      digest: finish.digest,
      allocation,
      farms: [...farms.values()],
      lists: [...lists.values()],
      conditions: finish.measured,
    });
    written = { epoch, n };
  }

  /** false: another commit came meanwhile */
  function isQuiet(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = deps.after(quietMs, () => {
        waiting = null;
        resolve(true);
      });
      waiting = () => {
        cancel();
        resolve(false);
      };
    });
  }

  return {
    /** after each commit; one that is no revision never puts off a snapshot that waits for quiet */
    async consider({ epoch, n }: { epoch: number; n: number }, isRevision: boolean): Promise<void> {
      const isDue =
        epoch !== written.epoch ||
        n - written.n >= revisionsPerSnapshot ||
        deps.store.pendingBytes() >= bytesPerSnapshot;
      if (!isDue || isWriting || (waiting !== null && !isRevision)) return;
      waiting?.();
      waiting = null;
      const isLate =
        epoch !== written.epoch ||
        n - written.n >= revisionsPerSnapshot * patience ||
        deps.store.pendingBytes() >= bytesPerSnapshot * patience;
      if (!isLate && !(await isQuiet())) return;
      isWriting = true;
      try {
        await write();
      } catch (error) {
        deps.onError(error);
      } finally {
        isWriting = false;
      }
    },
  };
}
