/**
 * Whoever listens to the kernel's notifications makes it build one for every element, and for a transaction of 100,000 that takes longer than
 * the transaction itself. So nobody of ours listens while a large script loads. Who else wrote meanwhile is not named
 * then; that somebody did is still seen by the generation.
 */
import { elementsIn } from "./kernel-words.ts";
import type { QuickEdit } from "./quick-edit.ts";
import type { RunProcess } from "./run-process.ts";

/** about 2,000 backends */
const largeBytes = 256 * 1024;
/** notifications of fewer take less than leaving and joining the group */
const largeElements = 200;

export function hushedRun(run: RunProcess, listen: (isListening: boolean) => void): RunProcess {
  return async (command, args, options) => {
    if ((options.input?.length ?? 0) < largeBytes) return run(command, args, options);
    return hushed(() => run(command, args, options), listen);
  };
}

/** Nobody of ours listens until the work is over, however it ends. */
export async function hushed<T>(work: () => Promise<T>, listen: (isListening: boolean) => void): Promise<T> {
  listen(false);
  try {
    return await work();
  } finally {
    listen(true);
  }
}

/** The same for what the agent sends itself, which is over when the call returns. */
export function hushedEdit(edit: QuickEdit, listen: (isListening: boolean) => void): QuickEdit {
  return (ops, generation) => {
    if (elementsIn(ops) < largeElements) return edit(ops, generation);
    listen(false);
    try {
      return edit(ops, generation);
    } finally {
      listen(true);
    }
  };
}
