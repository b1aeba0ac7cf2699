/**
 * Takes the agent's ended minutes into the history: first everything it still has that was missed, then minute by minute. What the agent
 * no longer has stays a gap. Never throws; one run at a time.
 */
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";

type Collector = {
  /** how many minutes it took over */
  run(): Promise<Result<number>>;
};

const minutesPerAsk = 30;

export function createCollector(deps: Pick<Deps, "agent" | "history" | "log">): Collector {
  let running: Promise<Result<number>> | null = null;
  let said: string | null = null;

  function say(result: Result<number>): Result<number> {
    // one line for a trouble, however long it lasts; an agent that is away is told elsewhere
    const text = result.ok || result.error.code === "agent-down" ? null : (result.error.detail ?? result.error.text);
    if (text !== null && text !== said) deps.log("minutes-not-kept", { detail: text });
    said = text;
    return result;
  }

  return {
    run() {
      running ??= collect(deps)
        .then(say)
        .finally(() => {
          running = null;
        });
      return running;
    },
  };
}

async function collect({ agent, history }: Pick<Deps, "agent" | "history">): Promise<Result<number>> {
  let taken = 0;
  for (;;) {
    const cursor = history.cursorMs();
    if (!cursor.ok) return cursor;
    const answer = await agent.minutes(cursor.value, minutesPerAsk);
    if (!answer.ok) return answer;
    const { minutes, newestMs, more } = answer.value;
    for (const minute of minutes) {
      const written = await history.write(minute);
      if (!written.ok) return written;
    }
    taken += minutes.length;
    // the balancer's clock was set back: what comes from now on is kept, over what was
    if (minutes.length === 0 && newestMs !== null && newestMs < cursor.value) history.setCursorMs(newestMs);
    if (!more || minutes.length === 0) break;
  }
  const tidied = taken === 0 ? ok(0) : await history.tidy();
  return tidied.ok ? ok(taken) : tidied;
}
