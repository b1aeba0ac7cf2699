/**
 * Hours that are over are packed, what is older than 30 days goes, and the minutes of the oldest hours go first when the file is full:
 * the hours themselves are small and stay. Everything in small steps with a pause, each whole by itself; a step done twice does no harm.
 */
import { minutesPerHour, packHour, type RowOfHour, widened } from "./codes.ts";
import type { Layouts } from "./layouts.ts";
import type { HistoryStatements } from "./statements.ts";

type TidyDeps = {
  readonly statements: HistoryStatements;
  readonly layouts: Layouts;
  readonly bytesMax: number;
  readonly pause: () => Promise<void>;
};

export const keptHours = 30 * 24;
/** after a longer gap the next hour decides */
const steadyHours = 24;
const farmsPerStep = 2;
const rowsPerStep = 50;

/** Answers how many hours it packed. */
export async function tidy(deps: TidyDeps): Promise<number> {
  const { statements } = deps;
  const nowHour = Math.floor(statements.cursor() / minutesPerHour);
  let packed = 0;
  for (;;) {
    const first = statements.firstMinute();
    if (first === null || first >= nowHour * minutesPerHour) break;
    await packAll(deps, Math.floor(first / minutesPerHour));
    packed += 1;
  }
  if (packed > 0) await dropOld(deps, isSteady(statements, nowHour) ? nowHour - keptHours : 0);
  return packed;
}

/** A minute far ahead may be of a clock that is set right soon: nothing is too old because of it alone. */
function isSteady(statements: HistoryStatements, nowHour: number): boolean {
  return statements.farmIds().some((farm) => nowHour - statements.hourBefore(farm, nowHour) <= steadyHours);
}

async function packAll(deps: TidyDeps, hour: number): Promise<void> {
  const { statements, pause } = deps;
  const farms = statements.farmIds();
  for (let at = 0; at < farms.length; at += farmsPerStep) {
    const some = farms.slice(at, at + farmsPerStep);
    statements.together(() => {
      for (const farm of some) packOne(deps, farm, hour);
    });
    await pause();
  }
  for (let minute = 0; minute < minutesPerHour; minute++) {
    statements.dropMinute(hour * minutesPerHour + minute);
    await pause();
  }
}

function packOne({ statements, layouts }: TidyDeps, farm: number, hour: number): void {
  const rows: RowOfHour[] = [];
  for (let minute = 0; minute < minutesPerHour; minute++) {
    const row = statements.minute(hour * minutesPerHour + minute, farm);
    if (row === null) continue;
    const backendIds = layouts.backendIds(row.layout);
    rows.push({ minute, backendIds, codes: widened(row.codes, backendIds.length) });
  }
  if (rows.length === 0) return;
  const old = statements.hours(farm, hour, hour)[0];
  const minutes = old === undefined ? null : statements.packed(farm, hour);
  const before = old === undefined || minutes === null ? null : asToday(layouts.backendIds(old.layout), minutes);
  const packed = packHour(rows, before);
  statements.putHour(farm, hour, layouts.id(farm, packed.backendIds, hour), packed.codes);
  statements.putPacked(farm, hour, packed.minutes);
}

function asToday(backendIds: readonly string[], minutes: Uint16Array) {
  return { backendIds, minutes: widened(minutes, backendIds.length, minutesPerHour) };
}

async function dropOld({ statements, layouts, bytesMax, pause }: TidyDeps, before: number): Promise<void> {
  const farms = statements.farmIds();
  for (let at = 0; at < farms.length; at += rowsPerStep) {
    for (const farm of farms.slice(at, at + rowsPerStep)) statements.dropHours(farm, before);
    await pause();
  }
  while (statements.dropOldPacked(rowsPerStep, before) > 0) await pause();
  while (statements.bytes() > bytesMax && statements.dropPacked(rowsPerStep) > 0) await pause();
  if (statements.dropLayouts(before) + statements.dropFarms() > 0) layouts.forget();
}
