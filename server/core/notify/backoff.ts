/** When a failed delivery is tried again: twice as late each time, at most ten minutes, scattered. Pure; `random` is 0 to 1. */

const firstMs = 2000;
const longestMs = 10 * 60_000;

/** Whether it is time to try. One later than any pause was set before the clock was set back. */
export function isDue(nextAt: number | null, now: number): boolean {
  return nextAt === null || nextAt <= now || nextAt - now > longestMs;
}

/** `attempts`: failed in a row, at least 1. Half of the pause is certain. */
export function pauseMs(attempts: number, random: number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(whole / 2 + (whole / 2) * random);
}
