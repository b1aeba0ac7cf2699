/**
 * CPU seconds out of node_exporter's page as it comes: lines of `node_cpu_seconds_total`, which stand together, and nothing else. Only a
 * piece of a line is kept. How busy a machine was is the difference between two readings.
 */

export type CpuSeconds = { readonly idle: number; readonly total: number };

export type CpuReader = {
  /** true = all of it was seen */
  push(piece: Buffer): boolean;
  /** null = there was none */
  result(): CpuSeconds | null;
};

const metric = "node_cpu_seconds_total{";
const lineBytesMax = 4096;
/** waiting for a disk is no work for the CPU */
const idleModes = new Set(["idle", "iowait"]);

export function createCpuReader(): CpuReader {
  let rest = "";
  let isSkipping = false;
  let idle = 0;
  let total = 0;
  let lines = 0;

  /** false = the metric's lines are over */
  function take(line: string): boolean {
    if (!line.startsWith(metric)) return lines === 0;
    const found = /[{,]mode="([a-z]{1,16})"[^}]*\} ([0-9][0-9.eE+]{0,31})(?: [0-9]+)?$/.exec(line.trimEnd());
    const seconds = Number(found?.[2]);
    if (found === null || !Number.isFinite(seconds)) return true;
    lines += 1;
    total += seconds;
    if (idleModes.has(found[1] ?? "")) idle += seconds;
    return true;
  }

  return {
    push(piece) {
      const parts = (rest + piece.toString("latin1")).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        if (!isSkipping && !take(line)) return true;
        isSkipping = false;
      }
      // a line that long is none of ours
      if (rest.length > lineBytesMax) [rest, isSkipping] = ["", true];
      return false;
    },
    result: () => (lines === 0 ? null : { idle, total }),
  };
}

/** Percent in use between two readings; null = nothing passed, or the counters began anew. */
export function busyPct(before: CpuSeconds, after: CpuSeconds): number | null {
  const total = after.total - before.total;
  const idle = after.idle - before.idle;
  if (total <= 0 || idle < 0) return null;
  return Math.min(100, Math.max(0, (1 - idle / total) * 100));
}
