/**
 * Listings each second without a new process each time: a long-lived `nft -j -i` that only reads. One listing at a time; a child that
 * hangs or dies costs this listing, and the next one gets a new child. It is replaced now and then, so that its memory is given back.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createNftChild, type NftAnswer, type NftChild } from "./nft-child.ts";
import { isInterrupted } from "./nft-errors.ts";

export type NftReader = {
  /** `list ...`: its JSON. `get element ...`: text, asked again when a change came in between */
  read(command: string): Promise<NftAnswer>;
  stop(): void;
};

export type NftReaderDeps = {
  readonly spawn: () => ChildProcessWithoutNullStreams;
  readonly onLost: (text: string) => void;
};

const timeoutMs = 5000;
const readsPerChild = 5000;
const triesMax = 10;

export function createNftReader(deps: NftReaderDeps): NftReader {
  let child: NftChild = createNftChild({ ...deps, isReader: true });
  let reads = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function readOne(command: string, tries = 1): Promise<NftAnswer> {
    const answer = await readOnce(command);
    const isOver = answer.status !== "error" || !isInterrupted(answer.text) || tries === triesMax;
    return isOver ? answer : readOne(command, tries + 1);
  }

  async function readOnce(command: string): Promise<NftAnswer> {
    reads += 1;
    if (reads > readsPerChild) {
      child.stop();
      child = createNftChild({ ...deps, isReader: true });
      reads = 1;
    }
    return child.run(command, timeoutMs);
  }

  return {
    read(command) {
      const answer = last.then(() => readOne(command));
      last = answer.catch(() => undefined);
      return answer;
    },
    stop: () => child.stop(),
  };
}
