/** A farm's track for tests that need no allocation. */
import { effective } from "../core/farm/effective.ts";
import type { Farm } from "../core/farm/types.ts";
import { emptyShareWindow } from "../core/metrics/share-window.ts";
import { type FarmTrack, nothingKept } from "./farm-track.ts";

export function trackOf(farm: Farm, ids: readonly number[]): FarmTrack {
  return {
    farm,
    version: 1,
    farmNumber: 3,
    eff: effective(farm, new Map()),
    ids,
    allocated: undefined,
    sorryId: null,
    denials: new Map(),
    planned: [],
    programmed: [],
    isGoal: false,
    window: emptyShareWindow(farm.backends.length, 0),
    lastNewAt: { 4: null, 6: null },
    kept: nothingKept(),
  };
}
