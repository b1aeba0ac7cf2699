/**
 * Minutes of all farms for 30 days, and the hours made of them. Written minute by minute in batches with pauses, so that nothing waits for
 * a thousand farms. What goes wrong is a value; a file that turns out torn is set aside and begun anew with a line in the log.
 */
import type Database from "better-sqlite3";
import { gridFor } from "../core/metrics/downsample.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import type { MinuteRow } from "../core/metrics/minutes.ts";
import type { PastHours } from "../core/metrics/past-hour.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { codesOf, minutesPerHour } from "./codes.ts";
import { type HistoryLog, isTorn, openHistoryFile, setAside } from "./history-file.ts";
import { drawKept } from "./kept-samples.ts";
import { createLayouts, type Layouts } from "./layouts.ts";
import { hourEnd, pastHourOf } from "./past-hour.ts";
import { samplesOf } from "./read-samples.ts";
import { type HistoryStatements, prepareStatements } from "./statements.ts";
import { keptHours, tidy } from "./tidy.ts";

export type History = {
  /** the newest minute that is whole in the file, epoch milliseconds; 0 = none */
  cursorMs(): Result<number>;
  /** for a clock that was set back: minutes after it are written again */
  setCursorMs(ms: number): Result<null>;
  /** one minute at a time; written twice it is the same */
  write(minute: MinuteRow): Promise<Result<null>>;
  /** packs hours that are over and drops what is too old or too much; how many hours it packed */
  tidy(): Promise<Result<number>>;
  /** null = nothing is kept of this farm. At most 120 points: minutes while those are finer than the points, else hours */
  read(farmId: string, fromMs: number, toMs: number): Result<FarmSeries | null>;
  /** the last hour of each farm, minute by minute; a farm that nothing is kept of has an hour of nothing known */
  pastHours(farmIds: readonly string[], nowMs: number): Promise<Result<PastHours>>;
  /** bytes in use */
  bytes(): Result<number>;
  close(): void;
};

type HistoryOptions = {
  readonly path: string;
  /** above it the minutes of the oldest hours go; their hours stay */
  readonly bytesMax: number;
  readonly pause: () => Promise<void>;
  readonly log: HistoryLog;
};

type Open = { readonly file: Database.Database; readonly statements: HistoryStatements; readonly layouts: Layouts };

const minuteMs = 60_000;
const farmsPerBatch = 50;
const hoursPerTurn = 10;

export function createHistory({ path, bytesMax, pause, log }: HistoryOptions): History {
  let held: Open | null = null;

  function open(): Open {
    if (held !== null) return held;
    const file = openHistoryFile(path, log);
    try {
      const statements = prepareStatements(file);
      held = { file, statements, layouts: createLayouts(statements) };
      return held;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  function close(): void {
    const was = held;
    held = null;
    was?.file.close();
  }

  function failed(error: unknown): Result<never> {
    // a cached number may belong to a batch that was undone
    held?.layouts.forget();
    if (isTorn(error)) {
      log("history-begun-anew", { detail: String(error) });
      close();
      setAside(path);
    }
    return fail("storage", "The history file cannot be used", { detail: String(error), retry: true });
  }

  function attempt<T>(work: (opened: Open) => T): Result<T> {
    try {
      return ok(work(open()));
    } catch (error) {
      return failed(error);
    }
  }

  async function attemptLong<T>(work: (opened: Open) => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await work(open()));
    } catch (error) {
      return failed(error);
    }
  }

  return {
    cursorMs: () => attempt(({ statements }) => statements.cursor() * minuteMs),
    setCursorMs: (ms) =>
      attempt(({ statements }) => {
        statements.setCursor(Math.floor(ms / minuteMs));
        return null;
      }),
    write: (minute) =>
      attemptLong(async (opened) => {
        const at = Math.floor(minute.atMs / minuteMs);
        for (let first = 0; first < minute.farms.length; first += farmsPerBatch) {
          writeBatch(opened, at, minute.farms.slice(first, first + farmsPerBatch));
          await pause();
        }
        opened.statements.setCursor(at);
        return null;
      }),
    tidy: () => attemptLong(({ statements, layouts }) => tidy({ statements, layouts, bytesMax, pause })),
    read: (farmId, fromMs, toMs) =>
      attempt((opened) => {
        const farm = opened.statements.farmId(farmId);
        if (farm === null) return null;
        const grid = gridFor(fromMs, toMs, minuteMs);
        const retention = { secondsS: 0, minutesS: keptHours * 3600 };
        return drawKept(farmId, samplesOf(opened, farm, grid), grid, retention);
      }),
    pastHours: (farmIds, nowMs) =>
      attemptLong(async (opened) => {
        const toMs = hourEnd(opened.statements.cursor() * minuteMs, nowMs);
        const farms: PastHours["farms"][number][] = [];
        for (const [at, farmId] of farmIds.entries()) {
          if (at % hoursPerTurn === hoursPerTurn - 1) await pause();
          farms.push(pastHourOf(opened, farmId, toMs));
        }
        return { toMs, farms };
      }),
    bytes: () => attempt(({ statements }) => statements.bytes()),
    close,
  };
}

function writeBatch({ statements, layouts }: Open, at: number, farms: MinuteRow["farms"]): void {
  const hour = Math.floor(at / minutesPerHour);
  statements.together(() => {
    for (const each of farms) {
      const farm = layouts.farm(each.farmId);
      const ids = each.backends.map(({ backendId }) => backendId);
      statements.putMinute(at, farm, layouts.id(farm, ids, hour), codesOf(each));
    }
  });
}
