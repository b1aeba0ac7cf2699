/** Work that repeats: a slow round is never started twice, a failed one is logged and the next comes as planned. */
export type Loop = {
  /** a round now instead of at its time; while one runs, another right after it */
  hurry(): void;
  stop(): void;
};

export type LoopDeps = {
  readonly name: string;
  /** milliseconds from the start of one round to the start of the next, asked before each wait */
  readonly everyMs: () => number;
  readonly round: () => Promise<void>;
  readonly onError: (name: string, error: unknown) => void;
  readonly monotonicMs: () => number;
};

export function startLoop(deps: LoopDeps): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isHurried = false;
  async function turn(): Promise<void> {
    const startedMs = deps.monotonicMs();
    isRunning = true;
    isHurried = false;
    try {
      await deps.round();
    } catch (error) {
      deps.onError(deps.name, error);
    }
    isRunning = false;
    const restMs = isHurried ? 0 : deps.everyMs() - (deps.monotonicMs() - startedMs);
    if (!stopped) timer = setTimeout(turn, Math.max(10, restMs));
  }
  timer = setTimeout(turn, 0);
  return {
    hurry() {
      isHurried = true;
      if (stopped || isRunning) return;
      clearTimeout(timer);
      timer = setTimeout(turn, 0);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
