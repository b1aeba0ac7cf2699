/**
 * How far the heap may outgrow what is alive in it. Left alone, V8 lets two hundred megabytes become six hundred before it looks for what is
 * not needed any more: with 100,000 backends that is most of the agent's memory. A heap that became large is looked through when a third is
 * new; a small one is left as it is, where nothing is to be won and each look costs time that changes would wait for.
 */
export type HeapBoundDeps = {
  readonly usedBytes: () => number;
  /** 0 = as V8 thinks best */
  readonly setGrowthPct: (growthPct: number) => void;
};

/** V8's setting, in percent of what is alive */
export const growthFlag = "heap-growing-percent";

const largeBytes = 160 * 1024 * 1024;
/** below it the heap is small again; between the two nothing changes */
const smallBytes = 110 * 1024 * 1024;
const growthPct = 30;

/** To be called each second: a load of thousands of farms takes a few. */
export function createHeapBound({ usedBytes, setGrowthPct }: HeapBoundDeps): () => void {
  let isLarge = false;
  return () => {
    const isNow = usedBytes() > (isLarge ? smallBytes : largeBytes);
    if (isNow === isLarge) return;
    isLarge = isNow;
    setGrowthPct(isLarge ? growthPct : 0);
  };
}
