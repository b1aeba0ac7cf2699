/** What takes backends out over time and follows them until they are empty, wired: maintenance windows and drains, each second. */
import type { BackendLive } from "../core/metrics/live.ts";
import type { ApplySide } from "./apply-side.ts";
import type { ConditionBook } from "./conditions.ts";
import type { ConntrackDump } from "./conntrack.ts";
import { readDrains, writeDrains } from "./drain-file.ts";
import { createDrains } from "./drains.ts";
import type { Events } from "./events.ts";
import type { AgentLog } from "./kernel-side.ts";
import { startLoop } from "./loops.ts";
import { createWindows } from "./windows.ts";

export type OutOfService = {
  of(backendId: string): Pick<BackendLive, "out" | "drain">;
  /** begins; `dump` is the newest look at open connections */
  follow(dump: () => ConntrackDump | null): void;
  stop(): void;
};

type Deps = {
  readonly dataDir: string;
  readonly applySide: Pick<ApplySide, "applier" | "cutter">;
  readonly conditions: ConditionBook;
  readonly events: Events;
  readonly log: AgentLog;
};

const inService = {};

/** The windows that are open now are in force when this resolves. */
export async function openOutOfService({ dataDir, applySide, conditions, events, log }: Deps): Promise<OutOfService> {
  const { applier, cutter } = applySide;
  const windows = createWindows({ conditions, events, now: () => Date.now() });
  const drains = createDrains({
    recorded: readDrains(dataDir),
    record(records) {
      try {
        writeDrains(dataDir, records);
      } catch (error) {
        log("warn", "drains-not-written", { error: String(error) });
      }
    },
    events,
    cut: (order, why) => void cutter.cut(order, why),
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
  });
  const openWindows = async () => {
    const tell = windows.round(applier.state());
    if (await conditions.settle()) tell();
  };
  await openWindows();
  let stop = () => {};
  return {
    of(backendId) {
      const out = windows.outOf(backendId);
      const drain = drains.of(backendId);
      if (out === undefined && drain === undefined) return inService;
      return { ...(out === undefined ? {} : { out }), ...(drain === undefined ? {} : { drain }) };
    },
    follow(dump) {
      const loop = startLoop({
        name: "out-of-service",
        everyMs: () => 1000,
        async round() {
          drains.round(applier.state(), dump());
          await openWindows();
        },
        onError: (name, error) => log("error", "loop-failed", { name, error: String(error) }),
        monotonicMs: () => performance.now(),
      });
      stop = () => loop.stop();
    },
    stop: () => stop(),
  };
}
