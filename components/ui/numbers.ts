/** Numbers and times as text. One locale, so that server and browser write the same. Rates and shares one decimal, counts none. */

export function formatRate(perS: number): string {
  return perS.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** Percent without its sign. */
export function formatShare(sharePct: number): string {
  return formatRate(sharePct);
}

/** Megabits from bytes a second; small flows keep a second digit instead of a false 0.0. */
export function formatMbit(bytesPerS: number): string {
  const mbit = (bytesPerS * 8) / 1e6;
  const digits = mbit > 0 && mbit < 0.1 ? 3 : mbit < 1 ? 2 : 1;
  return mbit === 0
    ? "0.0"
    : mbit.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Milliseconds: 0.42, 4.1, 128. */
export function formatMs(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 100 ? 1 : 0;
  return ms.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** "3 s", "4 min", "2 h", "5 d". */
export function formatAge(ageMs: number): string {
  const s = Math.max(0, Math.round(ageMs / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** Local time of the reader, 14:03:02. */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** Local date and time of the reader, 2026-03-01 14:03:02. */
export function formatDateTime(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${formatClock(atMs)}`;
}

/** A count with its noun: 1 backend, 2 backends; `many` where an s is not enough. */
export function formatCounted(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}
