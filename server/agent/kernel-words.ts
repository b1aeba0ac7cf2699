/** Outcomes of kernel work, and how they are told. */
import type { FlatRuleset, Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { errorWord } from "./nft-errors.ts";

export type KernelOutcome =
  | { readonly status: "applied"; readonly statements: number; readonly wasRepaired: boolean }
  | {
      readonly status: "refused";
      readonly code: "kernel-refused" | "unsupported";
      readonly text: string;
      readonly detail: string;
    };

/** `fixedChains`: chains of the skeleton whose rules were not ours any more. */
export type Found = { readonly flat: FlatRuleset; readonly fixedChains: readonly string[] };

export type HealOutcome =
  | { readonly status: "in-sync" }
  | {
      readonly status: "healed";
      readonly what: string;
      readonly statements: number;
      /** what the kernel had before; null when nothing of ours was left */
      readonly found: Found | null;
    }
  | { readonly status: "failed"; readonly text: string };

export function repaired(outcome: KernelOutcome): KernelOutcome {
  return outcome.status === "applied" ? { ...outcome, wasRepaired: true } : outcome;
}

export function healed(outcome: KernelOutcome, what: string, found: Found | null): HealOutcome {
  return outcome.status === "applied"
    ? { status: "healed", what, statements: outcome.statements, found }
    : { status: "failed", text: outcome.detail };
}

export function refusal(detail: string): KernelOutcome {
  const text = `The kernel refused the change: ${errorWord(detail)}.`;
  return { status: "refused", code: "kernel-refused", text, detail };
}

export function tooLarge(elements: number, max: number): KernelOutcome {
  const text =
    `This change needs ${elements} map elements in one transaction; the lab of an ordinary user takes at most ${max}. ` +
    "Make it in smaller steps, or run the lab as root.";
  return { status: "refused", code: "unsupported", text, detail: text };
}

export function elementsIn(ops: readonly Op[]): number {
  return ops.reduce((sum, op) => {
    if (op.type === "add-elements") return sum + op.elements.length;
    return op.type === "delete-elements" ? sum + op.keys.length : sum;
  }, 0);
}

/** For the event log: counts, nothing that people wrote. */
export function opsInWords(ops: readonly Op[]): string {
  const added = ops.reduce((sum, op) => (op.type === "add-elements" ? sum + op.elements.length : sum), 0);
  const deleted = ops.reduce((sum, op) => (op.type === "delete-elements" ? sum + op.keys.length : sum), 0);
  const rules = ops.reduce((sum, op) => sum + rulesIn(op), 0);
  const parts = [
    added > 0 ? `${count(added, "element")} put back` : "",
    deleted > 0 ? `${count(deleted, "element")} taken out` : "",
    rules > 0 ? `${count(rules, "rule")} written anew` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "rules" : parts.join(", ");
}

function rulesIn(op: Op): number {
  if (op.type === "rewrite-chain") return op.rules.length;
  return op.type === "add-rule" || op.type === "add-chain" || op.type === "add-object" ? 1 : 0;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** What a new table cannot have again. */
export function forgotten({ fragments }: Ruleset): string {
  for (const { chains } of fragments.values())
    for (const rules of chains.values())
      if (rules.some((rule) => stickyMap.test(rule))) return "; which client had which backend is forgotten";
  return "";
}

const stickyMap = /update @(sticky4|d_sticky_)/;
