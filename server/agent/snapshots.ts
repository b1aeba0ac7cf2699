/** A snapshot every hundred revisions or 8 MB of journal, written in the background from a state that nobody changes any more. */
import { serializeAllocation } from "../core/allocation/serialize.ts";
import type { State } from "./plan.ts";
import type { Store } from "./store.ts";

export type SnapshotsDeps = {
  readonly store: Store;
  /** the segment must change at the moment of this state: between two turns */
  readonly betweenTurns: <T>(task: (state: State, digest: string) => Promise<T>) => Promise<T>;
  readonly onError: (error: unknown) => void;
};

const revisionsPerSnapshot = 100;
const bytesPerSnapshot = 8 * 1024 * 1024;

export function createSnapshots(deps: SnapshotsDeps, last: { epoch: number; n: number }) {
  let written = last;
  let isWriting = false;

  async function write(): Promise<void> {
    const finish = await deps.betweenTurns(async (state, digest) => {
      const writeFile = await deps.store.rotate();
      return { state, digest, writeFile };
    });
    const { epoch, n, farms } = finish.state.desired;
    const allocation = serializeAllocation(finish.state.allocation);
    await finish.writeFile({ epoch, n, digest: finish.digest, allocation, farms: [...farms.values()] });
    written = { epoch, n };
  }

  return {
    /** after each commit */
    async consider({ epoch, n }: { epoch: number; n: number }): Promise<void> {
      const isDue =
        epoch !== written.epoch ||
        n - written.n >= revisionsPerSnapshot ||
        deps.store.pendingBytes() >= bytesPerSnapshot;
      if (!isDue || isWriting) return;
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
