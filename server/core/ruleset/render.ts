/** Ops and rulesets as nft text. Everything in it is generated or a parsed literal. */
import type { Ruleset } from "./model.ts";
import type { Op } from "./ops.ts";

/** One statement each, without separators. */
export function renderStatements(_ops: readonly Op[]): string[] {
  throw new Error("not built");
}

/** One transaction as one line for `nft -i`; "" when there is nothing to do. */
export function render(_ops: readonly Op[]): string {
  throw new Error("not built");
}

/** The whole ruleset for `nft -f`: replaces our table atomically, valid on first load too. */
export function renderScript(_ruleset: Ruleset): string {
  throw new Error("not built");
}

/** The first load in pieces (a user namespace bounds one transaction): lines for `nft -i`, dispatch elements last. */
export function renderChunks(_ruleset: Ruleset, _maxElements = 4000): string[] {
  throw new Error("not built");
}
