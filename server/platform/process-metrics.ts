/** This process as monitoring reads it: processor time, memory, start, and how busy its loop is. */
import { performance } from "node:perf_hooks";
import { familyText } from "../core/metrics/exposition.ts";
import { processFamilies } from "../core/metrics/families.ts";

export function processMetrics(part: "agent" | "web"): string {
  const families = processFamilies(part);
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  return [
    familyText(families.cpu, [[[], (user + system) / 1e6]]),
    familyText(families.resident, [[[], memory.rss]]),
    familyText(families.heap, [[[], memory.heapUsed]]),
    familyText(families.started, [[[], performance.timeOrigin / 1000]]),
    familyText(families.loopBusy, [[[], performance.eventLoopUtilization().active / 1000]]),
  ].join("");
}
