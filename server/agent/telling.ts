/** What the next line of the stream says of rows: gathered farm by farm, taken away whole. */
import type { FarmLive } from "../core/metrics/live.ts";
import type { FarmNews, Step } from "../core/metrics/row-news.ts";

type Told = {
  readonly farms: readonly FarmLive[];
  readonly news: readonly FarmNews[];
  readonly removed: readonly string[];
};

export type Telling = {
  add(step: Step): void;
  /** about how many rows of backends it has */
  size(): number;
  take(): Told;
};

export function createTelling(removed: readonly string[]): Telling {
  let gone = removed;
  let farms: FarmLive[] = [];
  let news: FarmNews[] = [];
  let size = removed.length;
  return {
    add({ row, news: own }) {
      if (own === null) return;
      if (own === "whole") farms.push(row);
      else news.push(own);
      size += own === "whole" ? 1 + row.backends.length : 1 + (own.backends?.length ?? 0);
    },
    size: () => size,
    take() {
      const told = { farms, news, removed: gone };
      [gone, farms, news, size] = [[], [], [], 0];
      return told;
    },
  };
}
