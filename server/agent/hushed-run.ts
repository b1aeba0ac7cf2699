/**
 * Whoever listens to the kernel's notifications makes it build one for every element, and for a transaction of 100,000 that takes longer than
 * the transaction itself. So nobody of ours listens while a large script loads. Who else wrote meanwhile is not named
 * then; that somebody did is still seen by the generation.
 */
import type { RunProcess } from "./run-process.ts";

/** about 2,000 backends */
const largeBytes = 256 * 1024;

export function hushedRun(run: RunProcess, listen: (isListening: boolean) => void): RunProcess {
  return async (command, args, options) => {
    if ((options.input?.length ?? 0) < largeBytes) return run(command, args, options);
    listen(false);
    try {
      return await run(command, args, options);
    } finally {
      listen(true);
    }
  };
}
