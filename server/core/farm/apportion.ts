/**
 * Weights to whole slots, and slots to an order. Invariants: counts sum to the total; a weight > 0 never gets 0; in every prefix
 * of the order each backend is within one slot of its exact share.
 */

/** A farm's slots without hashes end here: the finest share is 0.1 %. */
export const slotsMax = 1000;

/** Largest remainder (ties: the earlier entry). A weight > 0 that would get 0 takes one from the largest. All weights 0: all 0. */
export function apportion(weights: readonly number[], total: number): number[] {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += weights[at] ?? 0;
  const counts = new Array<number>(weights.length).fill(0);
  if (sum === 0) return counts;
  const rests = new Float64Array(weights.length);
  let left = total;
  // by index: each second of each farm whose weights move
  for (let at = 0; at < weights.length; at++) {
    const exact = ((weights[at] ?? 0) * total) / sum;
    const count = Math.floor(exact);
    counts[at] = count;
    rests[at] = exact - count;
    left -= count;
  }
  if (left > 0) giveRest(counts, rests, left);
  return lendToZeros(weights, counts);
}

function giveRest(counts: number[], rests: Float64Array, left: number): void {
  const byRemainder = counts.map((_, at) => at);
  byRemainder.sort((a, b) => (rests[b] ?? 0) - (rests[a] ?? 0) || a - b);
  for (let at = 0; at < left; at++) {
    const index = byRemainder[at] ?? 0;
    counts[index] = (counts[index] ?? 0) + 1;
  }
}

/**
 * The modulus and the slot count of each weight. Exact reduced sum when it is at most 1,000, else largest remainder over 1,000.
 * The previous modulus is kept while the new shares are exact in it, because another one restarts the kernel's generator.
 * All weights 0: modulus 0.
 */
export function slotPlan(weights: readonly number[], previousModulus = 0): { modulus: number; counts: number[] } {
  const divisor = weights.reduce(gcd, 0);
  if (divisor === 0) return { modulus: 0, counts: weights.map(() => 0) };
  const sum = weights.reduce((a, b) => a + b, 0) / divisor;
  if (sum > slotsMax) return { modulus: slotsMax, counts: apportion(weights, slotsMax) };
  const isExact = previousModulus > 0 && previousModulus <= slotsMax && previousModulus % sum === 0;
  const modulus = isExact ? previousModulus : sum;
  return { modulus, counts: weights.map((weight) => (weight / divisor) * (modulus / sum)) };
}

/**
 * For weights that move: the modulus follows from how many members there are, serving or not, and never from the weights, which
 * may be any numbers. At least 12 slots a member, as far as there are so many.
 */
export function fixedSlotPlan(weights: readonly number[]): { modulus: number; counts: number[] } {
  const modulus = fixedModulus(weights);
  return { modulus, counts: modulus === 0 ? weights.map(() => 0) : apportion(weights, modulus) };
}

/** The modulus of fixedSlotPlan alone. */
export function fixedModulus(weights: readonly number[]): number {
  if (weights.every((weight) => weight === 0)) return 0;
  return Math.min(slotsMax, Math.max(movingSlotsMin, slotsPerMember * weights.length));
}

const movingSlotsMin = 120;
const slotsPerMember = 12;

/**
 * Smooth weighted order: index of the count for each slot. Slot k of a count c is due in the window [floor(k*M/c), ceil((k+1)*M/c));
 * the earliest deadline goes first, which keeps every prefix within one slot of the exact share.
 */
export function interleave(counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  if (counts.every((count) => count <= 1)) return counts.flatMap((count, at) => (count === 1 ? [at] : []));
  const given = counts.map(() => 0);
  const order: number[] = [];
  for (let slot = 0; slot < total; slot++) {
    const at = earliestDue(counts, given, slot, total);
    given[at] = (given[at] ?? 0) + 1;
    order.push(at);
  }
  return order;
}

/** The order begun at another place, so that a restarted generator does not favour the same backends each time. */
export function rotate<T>(order: readonly T[], rewrites: number): T[] {
  const fraction = (rewrites * goldenRatio) % 1;
  const start = Math.floor(fraction * order.length);
  return start === 0 ? order.slice() : order.slice(start).concat(order.slice(0, start));
}

/** Multiples of it, modulo 1, spread evenly over [0, 1) however many are taken. */
const goldenRatio = 0.618_033_988_749_894_9;

function earliestDue(counts: readonly number[], given: readonly number[], slot: number, total: number): number {
  let best = -1;
  let bestDeadline = Number.POSITIVE_INFINITY;
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] ?? 0;
    const done = given[at] ?? 0;
    if (done >= count || Math.floor((done * total) / count) > slot) continue;
    const deadline = Math.ceil(((done + 1) * total) / count);
    if (deadline < bestDeadline) {
      best = at;
      bestDeadline = deadline;
    }
  }
  if (best < 0) throw new Error(`no slot is due at ${slot} of ${total}`);
  return best;
}

/** The largest count; of equal ones the smaller weight, so that a larger weight never ends with fewer slots. */
function lenderOf(weights: readonly number[], counts: readonly number[]): number {
  const most = Math.max(...counts);
  let lender = -1;
  for (const [at, count] of counts.entries()) {
    if (count === most && (lender < 0 || (weights[at] ?? 0) < (weights[lender] ?? 0))) lender = at;
  }
  return lender;
}

function lendToZeros(weights: readonly number[], counts: number[]): number[] {
  for (let at = 0; at < counts.length; at++) {
    if ((weights[at] ?? 0) <= 0 || counts[at] !== 0) continue;
    const largest = lenderOf(weights, counts);
    if ((counts[largest] ?? 0) <= 1) throw new Error("fewer slots than backends that serve");
    counts[largest] = (counts[largest] ?? 0) - 1;
    counts[at] = 1;
  }
  return counts;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
