/** Axes: where they end and where their ticks stand. Pure. */

/** A round number at or above the largest value, and ticks from zero; those of a count are whole. */
export function scaleFor(max: number | null, floorMax: number): { max: number; ticks: number[] } {
  const wanted = Math.max(max ?? 0, floorMax);
  const power = 10 ** Math.floor(Math.log10(wanted / 4));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each * 4 >= wanted && each !== 2.5) ?? power * 10;
  const count = Math.max(1, Math.ceil(wanted / step - 1e-9));
  return { max: step * count, ticks: Array.from({ length: count + 1 }, (_, index) => step * index) };
}

const stepsS = [10, 15, 30, 60, 120, 180, 300, 600, 1800, 3600, 7200, 14_400, 86_400];

/** Round moments inside the range, about four to seven; `zoneMs`: the reader's clock before UTC, so that days begin at midnight. */
export function timeTicks(fromMs: number, toMs: number, zoneMs = 0): number[] {
  const stepS = stepsS.find((s) => (toMs - fromMs) / 1000 / s <= 7) ?? 5 * 86_400;
  const step = stepS * 1000;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + zoneMs) / step) * step - zoneMs; at <= toMs; at += step) ticks.push(at);
  return ticks;
}
