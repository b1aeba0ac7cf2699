/** Packets and bytes of every backend each way. Ids stay counted in every state; retired ones are the ruleset's, not the farm's. */
import { idMark, markText } from "../../allocation/marks.ts";
import type { PartInput, PartOutput } from "./part.ts";

export function accountPart({ tag, targets }: PartInput): PartOutput {
  const ids = new Map(targets.map(({ id }) => [markText(idMark(tag, id)), ""]));
  return [
    ["bin", ids],
    ["bout", ids],
  ];
}
