/**
 * The first load of many farms. Elements that nothing leads to yet harm nobody: they are given to the kernel in pieces, past nft, which
 * takes three times as long for them, and the transaction that makes the farms' chains and sends traffic there comes last. Until then there is
 * no farm, as there was none before. Only for a table without farms: elsewhere a rule may be waiting for a slot that is put in here.
 */
import type { Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { elementForm } from "./element-bytes.ts";

/** below it one transaction takes less time than this saves */
const stagedMin = 20_000;
/** elements; of the largest kind less than what a socket takes, and a few milliseconds of the kernel's time */
const pieceMax = 4000;

export function isWorthStaging({ fragments }: Ruleset): boolean {
  let count = 0;
  for (const { elements } of fragments.values())
    for (const [object, items] of elements) if (elementForm(object) !== null) count += items.size;
  return count >= stagedMin;
}

/**
 * Puts in what can be put in ahead, a piece at a time; `edit` says whether it was done. Answers into which objects, and what is left for one
 * transaction; null = a piece was not done, and the kernel holds what came before it.
 */
export async function stage(
  ops: readonly Op[],
  edit: (ops: readonly Op[]) => boolean,
  pause: () => Promise<void>,
): Promise<{ readonly ahead: ReadonlySet<string>; readonly rest: readonly Op[] | null }> {
  const bulk = bulkOf(ops);
  const ahead = new Set(bulk.map(({ object }) => object));
  for (const op of bulk)
    for (let at = 0; at < op.elements.length; at += pieceMax) {
      if (!edit([{ ...op, elements: op.elements.slice(at, at + pieceMax) }])) return { ahead, rest: null };
      await pause();
    }
  const isIn = new Set<Op>(bulk);
  return { ahead, rest: ops.filter((op) => !isIn.has(op)) };
}

type AddElements = Extract<Op, { type: "add-elements" }>;

function bulkOf(ops: readonly Op[]): AddElements[] {
  return ops.filter((op): op is AddElements => op.type === "add-elements" && elementForm(op.object) !== null);
}
