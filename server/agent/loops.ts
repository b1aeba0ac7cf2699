/** Work that repeats: a slow round is never started twice, a failed one is logged and the next comes as planned. */
export type Loop = { stop(): void };

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
  async function turn(): Promise<void> {
    const startedMs = deps.monotonicMs();
    try {
      await deps.round();
    } catch (error) {
      deps.onError(deps.name, error);
    }
    if (!stopped) timer = setTimeout(turn, Math.max(10, deps.everyMs() - (deps.monotonicMs() - startedMs)));
  }
  timer = setTimeout(turn, 0);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
