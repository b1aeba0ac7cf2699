/** Weights that follow measurements, wired: what is measured, the round each second, the file that a restart goes on from. */
import type { AgentEnv } from "../platform/agent-env.ts";
import type { ApplySide } from "./apply-side.ts";
import type { ConditionBook } from "./conditions.ts";
import type { Events } from "./events.ts";
import { type LoopDeps, startLoop } from "./loops.ts";
import { createRecentTimes, type RecentTimes } from "./recent-times.ts";
import type { WeighSources } from "./weigh-readings.ts";
import { createWeigher, type Weigher } from "./weigher.ts";
import { createWeightFile } from "./weight-file.ts";
import { createWeightLog, type WeightLog } from "./weight-log.ts";

export type WeighSide = {
  readonly recent: RecentTimes;
  /** for live rows */
  readonly of: Weigher["of"];
  /** for the backend's page */
  readonly points: WeightLog["points"];
  stop(): void;
};

export type WeighSideDeps = {
  readonly env: Pick<AgentEnv, "dataDir" | "probeIntervalMs">;
  readonly applySide: Pick<ApplySide, "applier">;
  readonly conditions: ConditionBook;
  readonly events: Events;
  readonly dump: WeighSources["dump"];
  readonly loop: Pick<LoopDeps, "onError" | "monotonicMs">;
};

export function openWeighSide(deps: WeighSideDeps): WeighSide {
  const now = () => Date.now();
  const recent = createRecentTimes(now);
  const log = createWeightLog(deps.events, now);
  const file = createWeightFile(deps.env.dataDir, (ms, task) => void setTimeout(task, ms).unref());
  const weigher = createWeigher({
    state: deps.applySide.applier.state,
    conditions: deps.conditions,
    recent,
    dump: deps.dump,
    probeIntervalMs: deps.env.probeIntervalMs,
    log,
    file,
    now,
  });
  const loop = startLoop({ ...deps.loop, name: "weigher", everyMs: () => 1000, round: () => weigher.round() });
  return { recent, of: weigher.of, points: log.points, stop: () => loop.stop() };
}
