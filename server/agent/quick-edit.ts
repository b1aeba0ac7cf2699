/**
 * Transactions that the agent sends by itself, without nft: those that only edit elements of plain maps and sets, and give scheduling
 * rules another modulus. nft reads all chains and sets before each line it is given, some milliseconds with thousands of farms; this
 * takes a tenth of one. Everything else, and whatever the kernel does not take, is nft's.
 */
import { tableName } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { type Edit, editBatch } from "./edit-batch.ts";
import { elementForm } from "./element-bytes.ts";
import { ruleEdit } from "./rule-edit.ts";
import type { RuleSocket } from "./rule-socket.ts";

/** "not-done": nothing was changed. "unknown": it was sent, and whether it was done must be read from the kernel. */
export type QuickAnswer = "applied" | "not-done" | "unknown";

/** `generation`: the one the rules of `ops` were proven at; nothing is done at any other. */
export type QuickEdit = (ops: readonly Op[], generation: number) => QuickAnswer;

/** above this the kernel's time is the larger part */
const elementsMax = 8000;
/** what a socket takes at once on any Linux is 208 KB */
const bytesMax = 200_000;

export function createQuickEdit(socket: Pick<RuleSocket, "list" | "commit">): QuickEdit {
  return (ops, generation) => {
    const edits = editsOf(ops, (chain) => socket.list(tableName, chain));
    if (edits === null || edits.length === 0) return "not-done";
    const batch = editBatch(edits, generation);
    if (batch.bytes.byteLength > bytesMax) return "not-done";
    const answer = socket.commit(batch);
    return answer === "refused" ? "not-done" : answer;
  };
}

/** null: something in it is nft's to say. */
function editsOf(ops: readonly Op[], list: (chain: string) => ReturnType<RuleSocket["list"]>): readonly Edit[] | null {
  let elements = 0;
  const edits: Edit[] = [];
  for (const op of ops) {
    const own = op.type === "rewrite-chain" ? ruleEdits(op, list) : elementEdit(op);
    if (own === null) return null;
    for (const edit of own) {
      if (edit.type !== "rule") elements += edit.type === "add" ? edit.elements.length : edit.keys.length;
      edits.push(edit);
    }
    if (elements > elementsMax) return null;
  }
  return edits;
}

function elementEdit(op: Op): readonly Edit[] | null {
  if (op.type !== "add-elements" && op.type !== "delete-elements") return null;
  const { object } = op;
  const form = elementForm(object);
  if (form === null) return null;
  return op.type === "add-elements"
    ? [{ type: "add", object, form, elements: op.elements }]
    : [{ type: "delete", object, form, keys: op.keys }];
}

function ruleEdits(
  { chain, before, rules }: Extract<Op, { type: "rewrite-chain" }>,
  list: (chain: string) => ReturnType<RuleSocket["list"]>,
): readonly Edit[] | null {
  if (before.length !== rules.length) return null;
  const listed = list(chain);
  if (listed?.length !== rules.length) return null;
  const edits: Edit[] = [];
  for (const [at, after] of rules.entries()) {
    const was = before[at];
    const there = listed[at];
    if (was === undefined || there === undefined) return null;
    if (was === after) continue;
    const rule = ruleEdit(there, was, after);
    if (rule === null) return null;
    edits.push({ type: "rule", chain, rule });
  }
  return edits;
}

/** What the generation is after one transaction. The kernel never gives 0, which means "any" in a batch. */
export function nextGeneration(generation: number): number {
  return (generation + 1) >>> 0 || 1;
}
