/** Measured values in few characters. What is not known is "-", never 0. */
export function rateText(perS: number | null): string {
  if (perS === null) return "-";
  return perS >= 100 ? perS.toFixed(0) : perS.toFixed(1);
}

export function countText(count: number | null): string {
  return count === null ? "-" : String(Math.round(count));
}

export function pctText(pct: number | null): string {
  return pct === null ? "-" : `${pct.toFixed(1)} %`;
}

export function msText(ms: number | null): string {
  return ms === null ? "-" : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** Bytes a second as bits a second, as networks are measured. */
export function bitsText(bytesPerS: number | null): string {
  if (bytesPerS === null) return "-";
  const bits = bytesPerS * 8;
  for (const [unit, size] of units) if (bits >= size) return `${(bits / size).toFixed(1)} ${unit}`;
  return `${bits.toFixed(0)} bit/s`;
}

const units = [
  ["Gbit/s", 1e9],
  ["Mbit/s", 1e6],
  ["kbit/s", 1e3],
] as const;
