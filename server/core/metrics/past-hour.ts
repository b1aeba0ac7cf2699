/** What lists draw of a farm beside its row: its last hour, minute by minute. */
import type { FarmWord } from "../farm/types.ts";

export const pastMinutes = 60;
/** farms of one question */
export const pastFarmsMax = 100;

/** As many values as `pastMinutes`, oldest first; null = not known. */
export type PastHour = {
  readonly farmId: string;
  /** means of the minute */
  readonly newPerS: readonly (number | null)[];
  readonly active: readonly (number | null)[];
  /** the worst of the minute */
  readonly words: readonly (FarmWord | null)[];
};

/** `toMs`: where the newest of the minutes ends. */
export type PastHours = { readonly toMs: number; readonly farms: readonly PastHour[] };
