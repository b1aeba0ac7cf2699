/**
 * Runs in a namespace of its own. Each order on its input: a ruleset is loaded, our own transaction is tried, and what the kernel lists
 * then stands beside what it lists after nft has done the same. Where the order has a foreign script, somebody else writes in between.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Op } from "../core/ruleset/ops.ts";
import { render } from "../core/ruleset/render.ts";
import { createElementProof, type ProvenElement, proofMax } from "./element-proof.ts";
import { openNetlink } from "./netlink.ts";
import { createQuickEdit, type QuickAnswer } from "./quick-edit.ts";

export type EditOrder = { readonly load: string; readonly ops: readonly Op[]; readonly foreign: string | null };
export type EditResult = {
  readonly answer: QuickAnswer;
  /** how far the generation moved in our transaction */
  readonly raised: number;
  readonly before: string;
  readonly byUs: string;
  /** null: nft refuses it */
  readonly byNft: string | null;
  /** what the kernel says of the elements that were written, and of others than those */
  readonly proofs: readonly string[];
  readonly wrongProofs: readonly string[];
};

const netlink = openNetlink();
const rules = netlink?.rules;
if (netlink === null || !rules) throw new Error("no netlink");
const quickEdit = createQuickEdit(rules);
const proof = createElementProof(rules);
const orders: EditOrder[] = JSON.parse(readFileSync(0, "utf8"));
const results = orders.map(({ load, ops, foreign }): EditResult => {
  nft(load);
  const generation = netlink.generation() ?? 0;
  if (foreign !== null) nft(foreign);
  const [start, before] = [netlink.generation() ?? 0, listing()];
  const answer = quickEdit(ops, generation);
  const raised = (netlink.generation() ?? 0) - start;
  const byUs = listing();
  const written = answer === "applied" ? writtenBy(ops) : [];
  const proofs = written.map(([object, elements]) => proof(object, elements));
  const wrongProofs = written.flatMap(([object, elements]) =>
    elements.slice(0, 3).map((each) => proof(object, [otherThan(each)])),
  );
  nft(load);
  if (foreign !== null) nft(foreign);
  return { answer, raised, before, byUs, byNft: isTaken(render(ops)) ? listing() : null, proofs, wrongProofs };
});
netlink.close();
process.stdout.write(JSON.stringify(results));

/** At most as many of each object as are asked for at once. */
function writtenBy(ops: readonly Op[]): [string, ProvenElement[]][] {
  const written = new Map<string, Map<string, string | null>>();
  for (const op of ops) {
    if (op.type !== "add-elements" && op.type !== "delete-elements") continue;
    const own = written.get(op.object) ?? new Map<string, string | null>();
    written.set(op.object, own);
    if (op.type === "delete-elements") for (const key of op.keys) own.set(key, null);
    else for (const [key, data] of op.elements) own.set(key, data);
  }
  return Array.from(written, ([object, own]) => [object, [...own].slice(0, proofMax)]);
}

/** An element that is there is said to be gone, and one that is gone to be there. */
function otherThan([key, data]: ProvenElement): ProvenElement {
  return [key, data === null ? "0x51000001" : null];
}

function nft(script: string): void {
  execFileSync("nft", ["-f", "-"], { input: `${script}\n`, stdio: ["pipe", "pipe", "pipe"] });
}

function isTaken(script: string): boolean {
  try {
    nft(script);
    return true;
  } catch {
    return false;
  }
}

/** Elements come in the order of their hashes, and updates of maps are told on stderr. */
function listing(): string {
  const text = execFileSync("nft", ["list", "table", "inet", "sluice"], { stdio: ["pipe", "pipe", "pipe"] });
  return text
    .toString("latin1")
    .replace(
      /elements = \{([^}]*)\}/g,
      (_, items: string) => `elements = {${items.split(/,\s*/).map(trimmed).sort()}}`,
    );
}

function trimmed(item: string): string {
  return item.trim();
}
