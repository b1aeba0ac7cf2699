/**
 * A prober that is connected and says nothing is stopped, starved of processor time, or hangs. Nobody is taken out for it: what was measured
 * grows old and then unknown. People are told once, and once when it is heard again.
 */
import type { Events } from "./events.ts";

export type ProberSilence = {
  /** it said something, or came or went */
  heard(): void;
  /** each second */
  tick(): void;
  /** it is connected, and for longer than its targets explain nothing was heard of it */
  isSilent(): boolean;
};

export type ProberSilenceDeps = {
  readonly events: Pick<Events, "add">;
  /** how soon the most frequent of its targets has an answer; null = it is not there, or asks nobody */
  readonly soonestMs: () => number | null;
  readonly monotonicMs: () => number;
};

const graceMs = 3000;
/** a second in which this process did not run itself says nothing of the prober: its words wait in the socket */
const tickMsMax = 1500;

export function createProberSilence({ events, soonestMs, monotonicMs }: ProberSilenceDeps): ProberSilence {
  let silentMs = 0;
  let tickedMs = monotonicMs();
  let isTold = false;

  return {
    heard() {
      silentMs = 0;
      if (!isTold) return;
      isTold = false;
      events.add({ kind: "back", text: "The prober is heard again" });
    },
    isSilent: () => isTold && soonestMs() !== null,
    tick() {
      const nowMs = monotonicMs();
      const soonest = soonestMs();
      silentMs = soonest === null ? 0 : silentMs + Math.min(tickMsMax, nowMs - tickedMs);
      tickedMs = nowMs;
      if (isTold || soonest === null || silentMs <= graceMs + 2 * soonest) return;
      isTold = true;
      events.add({
        kind: "lost",
        text: "The prober says nothing although it runs: it is starved or hangs; states and connect times grow old, nobody is taken out for it",
      });
    },
  };
}
