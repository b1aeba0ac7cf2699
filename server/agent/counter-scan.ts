/**
 * Counters out of a listing's JSON without building it: at 10,000 elements JSON.parse and its objects would hold up a change. Every number
 * is matched as digits in its place; what does not match is not read. Pauses every few thousand elements.
 */
import { idOfMark } from "../core/allocation/marks.ts";
import { CounterTable } from "./counter-table.ts";

const elementPattern =
  /"val": ([0-9]{1,10}),(?: "timeout": [0-9]+, "expires": [0-9]+,)? "counter": \{"packets": ([0-9]{1,20}), "bytes": ([0-9]{1,20})\}/g;
const elementsPerPiece = 2500;

export async function scanCounters(json: string, tag: number, pause: () => Promise<void>): Promise<CounterTable> {
  const counters = new CounterTable();
  const pattern = new RegExp(elementPattern);
  let seen = 0;
  for (let match = pattern.exec(json); match !== null; match = pattern.exec(json)) {
    const id = idOfMark(tag, Number(match[1]));
    if (id !== null) counters.set(id, Number(match[2]), Number(match[3]));
    seen += 1;
    if (seen % elementsPerPiece === 0) await pause();
  }
  return counters;
}
