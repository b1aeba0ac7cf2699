/**
 * The arithmetic of linked rows: one row takes a share, the rest is spread over the unlocked others in proportion to a snapshot.
 * Works on integer weights of one group (backends of one family that serve now); a share is a weight over the group's sum.
 * Shares are spoken of in tenths of a percent, 0..1000.
 * Invariants: locked rows keep their share exactly (within 0.1 points where the group's sum had to come down to 1000); the same
 * input gives the same output, so a row dragged out and back ends where it began; no weight leaves 0..1000.
 */
import { limits } from "../farm/limits.ts";

export type LinkedRow = { readonly weight: number; readonly locked: boolean };

/** New weights, and the factor by which the group's scale grew (for rows that do not serve but belong to the same family). */
export type Spread = { readonly weights: readonly number[]; readonly factor: number };

const tenthsAll = 1000;
/** Below this sum one unit is more than a point. */
const scaleMin = 100;

/** What each row's share reads as: tenths that sum to exactly 1000 (or are all 0 when every weight is 0). */
export function shareTenths(weights: readonly number[]): number[] {
  return largestRemainder(weights, sum(weights) === 0 ? 0 : tenthsAll);
}

/** Row `moved` takes `targetTenths`, clamped to what locked rows leave. `rows` is the snapshot from the start of the gesture. */
export function spread(rows: readonly LinkedRow[], moved: number, targetTenths: number): Spread {
  const scaled = rescale(rows, targetTenths);
  const total = sum(scaled.map((row) => row.weight)) || scaleMin;
  const others = scaled.map((row, index) => (index !== moved && !row.locked ? row.weight : null));
  const lockedSum = sum(scaled.map((row, index) => (index !== moved && row.locked ? row.weight : 0)));
  const free = Math.max(0, total - lockedSum);
  const isAlone = others.every((weight) => weight === null);
  const wanted = Math.min(free, Math.max(0, Math.round((total * targetTenths) / tenthsAll)));
  const taken = isAlone ? free : wanted;
  const weights = fillUnlocked(scaled, others, free - taken).map((weight, index) => (index === moved ? taken : weight));
  return capped(rows, moved, targetTenths, weights, factorOf(rows, scaled));
}

/** The unlocked rows share what locked ones leave, in proportion to `parts` (equal parts: equalise). */
export function divide(rows: readonly LinkedRow[], parts: readonly number[]): Spread {
  const unlockedParts = rows.map((row, index) => (row.locked ? 0 : (parts[index] ?? 0)));
  const partsSum = sum(unlockedParts);
  if (partsSum === 0) return { weights: rows.map((row) => row.weight), factor: 1 };
  const factor = bestFactor(rows, (free) => unlockedParts.every((part) => (free * part) % partsSum === 0));
  const scaled = rows.map((row) => ({ ...row, weight: row.weight * factor }));
  const total = sum(scaled.map((row) => row.weight)) || scaleMin;
  const free = total - sum(scaled.map((row) => (row.locked ? row.weight : 0)));
  const filled = largestRemainder(unlockedParts, free);
  const weights = scaled.map((row, index) => (row.locked ? row.weight : (filled[index] ?? 0)));
  return { weights: weights.some((weight) => weight > limits.weightMax) ? toThousand(weights) : weights, factor };
}

/** Integers in proportion to `parts` that sum to `total`; ties go to the earlier row. */
function largestRemainder(parts: readonly number[], total: number): number[] {
  const partsSum = sum(parts);
  if (partsSum === 0) return parts.map(() => 0);
  const exact = parts.map((part) => (part * total) / partsSum);
  const out = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .filter(({ index }) => (parts[index] ?? 0) > 0)
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  let missing = total - sum(out);
  for (let at = 0; missing > 0; at++, missing--) {
    const index = order[at % order.length]?.index ?? 0;
    out[index] = (out[index] ?? 0) + 1;
  }
  return out;
}

/** A finer scale when the wanted share is not exact in this one: an integer factor, so that no other share changes by it. */
function rescale(rows: readonly LinkedRow[], targetTenths: number): LinkedRow[] {
  const total = sum(rows.map((row) => row.weight));
  const isExact = (factor: number) => (total * factor * targetTenths) % tenthsAll === 0;
  for (let factor = 1; total > 0 && total * factor <= tenthsAll; factor++) {
    if (isExact(factor) && total * factor >= scaleMin)
      return rows.map((row) => ({ ...row, weight: row.weight * factor }));
  }
  const hasLocked = rows.some((row) => row.locked);
  if (total > tenthsAll || total === 0) return [...rows];
  if (hasLocked) {
    const largest = Math.floor(tenthsAll / total);
    return rows.map((row) => ({ ...row, weight: row.weight * largest }));
  }
  const weights = toThousand(rows.map((row) => row.weight));
  return rows.map((row, index) => ({ ...row, weight: weights[index] ?? 0 }));
}

function bestFactor(rows: readonly LinkedRow[], isExact: (free: number) => boolean): number {
  const total = sum(rows.map((row) => row.weight));
  const free = total - sum(rows.map((row) => (row.locked ? row.weight : 0)));
  for (let factor = 1; total > 0 && total * factor <= tenthsAll; factor++) if (isExact(free * factor)) return factor;
  return 1;
}

/** Others in proportion to the snapshot; equally when the snapshot gave all of them nothing. */
function fillUnlocked(scaled: readonly LinkedRow[], others: readonly (number | null)[], rest: number): number[] {
  const isEmpty = others.every((weight) => weight === null || weight === 0);
  const parts = others.map((weight) => (weight === null ? 0 : isEmpty ? 1 : weight));
  const filled = largestRemainder(parts, rest);
  return scaled.map((row, index) => (others[index] === null ? row.weight : (filled[index] ?? 0)));
}

/** A weight above the limit: the group's sum comes down to 1000 first, then the same again. */
function capped(
  rows: readonly LinkedRow[],
  moved: number,
  targetTenths: number,
  weights: readonly number[],
  factor: number,
): Spread {
  if (weights.every((weight) => weight <= limits.weightMax)) return { weights, factor };
  const down = toThousand(rows.map((row) => row.weight));
  return spread(
    rows.map((row, index) => ({ ...row, weight: down[index] ?? 0 })),
    moved,
    targetTenths,
  );
}

function factorOf(rows: readonly LinkedRow[], scaled: readonly LinkedRow[]): number {
  const before = sum(rows.map((row) => row.weight));
  return before === 0 ? 1 : sum(scaled.map((row) => row.weight)) / before;
}

function toThousand(weights: readonly number[]): number[] {
  return largestRemainder(weights, tenthsAll);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
