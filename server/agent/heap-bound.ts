/**
 * How far the heap may outgrow what is alive in it. Left alone, V8 lets two hundred megabytes become six hundred before it looks for what is
 * not needed any more: with 100,000 backends that is most of the agent's memory. Where much is alive, the heap is looked through when a fifth
 * is new; where little is, it is left as it is: nothing is to be won there, and each look costs time that changes would wait for.
 */
import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** V8's setting, in percent of what is alive; 0 = as it thinks best */
export const growthFlag = "heap-growing-percent";

const largeBytes = 120 * 1024 * 1024;
/** below it the heap is small again; between the two nothing changes */
const smallBytes = 90 * 1024 * 1024;
const growthPct = 20;

/** Follows what is alive in this process; until it ends. */
export function boundHeap(): void {
  const bound = createHeapBound((pct) => setFlagsFromString(`--${growthFlag}=${pct}`));
  const observer = new PerformanceObserver((list) => {
    // right after such a look hardly anything else is left
    if (list.getEntries().some(isWholeLook)) bound(getHeapStatistics().used_heap_size);
  });
  observer.observe({ entryTypes: ["gc"] });
}

/** To be told what is alive, as often as it is known. */
export function createHeapBound(setGrowthPct: (growthPct: number) => void): (aliveBytes: number) => void {
  let isLarge = false;
  return (aliveBytes) => {
    const isNow = aliveBytes > (isLarge ? smallBytes : largeBytes);
    if (isNow === isLarge) return;
    isLarge = isNow;
    setGrowthPct(isLarge ? growthPct : 0);
  };
}

function isWholeLook(entry: object): boolean {
  const detail = "detail" in entry ? entry.detail : null;
  const isKnown = typeof detail === "object" && detail !== null && "kind" in detail;
  return isKnown && detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
