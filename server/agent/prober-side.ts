/** The agent's end of the prober, wired: its results in, and what people are told of its coming, going and falling silent. */
import type { AgentEnv } from "../platform/agent-env.ts";
import type { ProbeResult } from "../wire/prober.ts";
import type { Events } from "./events.ts";
import type { AgentLog } from "./kernel-side.ts";
import { type LoopDeps, startLoop } from "./loops.ts";
import { type ProberLink, serveProber } from "./prober-link.ts";
import { createProberSilence } from "./prober-silence.ts";

export type ProberSide = {
  readonly link: ProberLink;
  /** how long it is gone; null = it is there */
  readonly goneMs: () => number | null;
  /** it is there and says nothing */
  readonly isSilent: () => boolean;
  stop(): void;
};

type ProberSideDeps = {
  readonly env: Pick<AgentEnv, "proberSocketPath" | "proberGid">;
  readonly events: Events;
  readonly log: AgentLog;
  readonly loop: Pick<LoopDeps, "onError" | "monotonicMs">;
};

export async function openProber(
  deps: ProberSideDeps,
  take: (results: readonly ProbeResult[]) => void,
): Promise<ProberSide> {
  const { env, events, log } = deps;
  let goneAt: number | null = performance.now();
  let wasThere = false;
  let link: ProberLink | null = null;
  const silence = createProberSilence({
    events,
    soonestMs: () => link?.soonestMs() ?? null,
    monotonicMs: () => performance.now(),
  });
  link = await serveProber({
    path: env.proberSocketPath,
    gid: env.proberGid,
    onResults: (results) => {
      silence.heard();
      take(results);
    },
    onPresence: (isThere) => {
      goneAt = isThere ? null : performance.now();
      if (isThere && wasThere) events.add({ kind: "back", text: "The prober is back" });
      if (!isThere)
        events.add({
          kind: "lost",
          text: "The prober is gone: nobody is checked, states and connect times grow old, no farm is emptied",
        });
      wasThere = true;
    },
    log,
  });
  const listening = startLoop({
    ...deps.loop,
    name: "prober-silence",
    everyMs: () => 1000,
    round: async () => silence.tick(),
  });
  return {
    link,
    goneMs: () => (goneAt === null ? null : performance.now() - goneAt),
    isSilent: silence.isSilent,
    stop: () => listening.stop(),
  };
}
