/**
 * Weighted rendezvous: slot -> backend with the fewest moves a table can have. As usually told, every backend draws an exponential
 * time with rate = weight for every slot, and the earliest has it: 65 million draws for 1,000 backends x 65,536 slots. Here the
 * same race is run the other way round: each backend visits slots in its sequence, `weight` visits a unit of time, and a slot
 * belongs to whoever comes to it first. The first visit to a given slot is after a geometric number of visits, which is the
 * exponential time but for its last digits. Only the visits until every slot is taken are made: about slots x ln(slots) in all,
 * however many backends there are (6 ms of CPU at 65,536 slots).
 * Invariants: a table follows from names and weights alone; the visits of one backend do not depend on the others. So without a
 * backend only its slots change hands, a new one only takes, and a changed weight moves slots only to or from that backend
 * (but for single slots lent to backends whose share is below half a slot). Shares scatter as chance would have it: a backend
 * with 100 slots by its weight has 80 to 120 nineteen times out of twenty.
 */
import { mix } from "./name-hash.ts";
import { type Entrant, type HashTable, settled, unowned, type Visitor, visitorsOf } from "./visitor.ts";

/** 2..65,536 slots, a power of two, at least as many as entrants; at least one entrant. */
export function rendezvousTable(entrants: readonly Entrant[], slots: number): HashTable {
  const visitors = visitorsOf(entrants);
  const race: Race = {
    owners: new Uint16Array(slots).fill(unowned),
    firstVisit: new Float64Array(slots).fill(Number.POSITIVE_INFINITY),
    visits: new Uint32Array(visitors.length),
    shift: 32 - Math.log2(slots),
  };
  const lap = slots / entrants.reduce((sum, { weight }) => sum + weight, 0);
  let left = slots;
  for (let until = lap * Math.ceil(Math.log(slots)); left > 0; until += lap)
    for (const visitor of visitors) left -= run(race, visitor, until);
  return settled(race.owners, visitors);
}

type Race = {
  readonly owners: Uint16Array;
  readonly firstVisit: Float64Array;
  /** made so far, by index of the entrant */
  readonly visits: Uint32Array;
  /** leaves of 32 bits the number of a slot */
  readonly shift: number;
};

/** Goes on until a time; how many slots it took that nobody had. Visitors go in the order of names, so that names break ties. */
function run({ owners, firstVisit, visits, shift }: Race, visitor: Visitor, until: number): number {
  const { at, weight, phase, start, step } = visitor;
  let visit = visits[at] ?? 0;
  let fresh = 0;
  for (let time = (visit + phase) / weight; time < until; time = (visit + phase) / weight) {
    // slotOfVisit, for a power of two
    const slot = mix(start + Math.imul(visit++, step)) >>> shift;
    const best = firstVisit[slot] ?? 0;
    if (time >= best) continue;
    if (best === Number.POSITIVE_INFINITY) fresh++;
    firstVisit[slot] = time;
    owners[slot] = at;
  }
  visits[at] = visit;
  return fresh;
}
