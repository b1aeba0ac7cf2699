/**
 * Whose each slot is where weights move each second: like `interleave` it spreads every member over the whole round, and unlike it a
 * change of few counts changes few slots. The places are taken from a sequence that fills the round evenly (multiples of the golden
 * ratio, whose gaps have at most three sizes however many are taken: the three-distance theorem); a member has a run of neighbours in
 * that sequence, and a change moves the ends of the runs.
 * Invariants: each member has as many slots as its count; in every prefix of the order it is within three slots of its exact share.
 */

/** Index of the count for each slot; as long as the counts together. */
export function steadyOrder(counts: readonly number[]): number[] {
  const places = placesOf(counts.reduce((a, b) => a + b, 0));
  const owners = new Array<number>(places.length).fill(0);
  let from = 0;
  for (const [at, count] of counts.entries()) {
    for (let place = from; place < from + count; place++) owners[places[place] ?? 0] = at;
    from += count;
  }
  return owners;
}

const goldenRatio = 0.618_033_988_749_894_9;
/** a memo: there are as many as slots that a farm may have */
const known = new Map<number, Uint16Array>();

/** The slots in the order of their multiples of the golden ratio, modulo 1. */
function placesOf(slots: number): Uint16Array {
  const kept = known.get(slots);
  if (kept !== undefined) return kept;
  const places = Uint16Array.from({ length: slots }, (_, slot) => slot);
  places.sort((a, b) => ((a * goldenRatio) % 1) - ((b * goldenRatio) % 1));
  known.set(slots, places);
  return places;
}
