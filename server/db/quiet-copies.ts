/**
 * When the full copy of all farms is made that is due every hundred revisions: once nothing has changed for a second, because thousands of
 * farms are some tens of milliseconds of web's one thread, or when very many revisions have waited for that. Until then history is
 * replayed from further back.
 */
export type QuietCopies = {
  /** after each revision */
  accepted(n: number): void;
  stop(): void;
};

export type QuietCopiesDeps = {
  readonly copy: () => void;
  /** calls back later; gives what takes it back */
  readonly after: (ms: number, task: () => void) => () => void;
};

const copyEvery = 100;
const quietMs = 1000;
const waitingMax = 900;

export function createQuietCopies({ copy, after }: QuietCopiesDeps): QuietCopies {
  /** revisions since it was due; null = none is due */
  let waiting: number | null = null;
  let cancel: () => void = () => undefined;

  function make(): void {
    cancel();
    waiting = null;
    copy();
  }

  return {
    accepted(n) {
      if (n % copyEvery === 0) waiting ??= 0;
      if (waiting === null) return;
      waiting += 1;
      cancel();
      if (waiting > waitingMax) make();
      else cancel = after(quietMs, make);
    },
    stop: () => cancel(),
  };
}
