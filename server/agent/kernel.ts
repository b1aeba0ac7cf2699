/**
 * What the kernel has, and how it gets something else: one transaction at a time, sent by ourselves where it is simple and through the
 * long-lived child where not, proven by the generation number before and after, and by listings in processes of their own.
 * `running` is what we last proved: the Ruleset we applied, a listing, or null (no table of ours). Only applier.ts calls change() and
 * heal(); both leave the kernel at the old or at the new ruleset, never between.
 */
import type { ChangePreview } from "../core/change/preview.ts";
import { diff, repair } from "../core/ruleset/diff.ts";
import type { Listing } from "../core/ruleset/listing.ts";
import type { FlatRuleset, Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { render, renderChunks, renderScript, renderStatements } from "../core/ruleset/render.ts";
import { emptyRuleset } from "../core/ruleset/ruleset.ts";
import { changedRules, sameRules } from "./kernel-compare.ts";
import type { KernelDeps } from "./kernel-deps.ts";
import {
  elementsIn,
  forgotten,
  type HealOutcome,
  healed,
  type KernelOutcome,
  opsInWords,
  refusal,
  repaired,
  tooLarge,
} from "./kernel-words.ts";
import type { NftAnswer } from "./nft-child.ts";
import { errorWord, isRetryable } from "./nft-errors.ts";
import { isForChild, loadTimeoutMs, nftLine, nftProcess } from "./nft-process.ts";
import { nextGeneration } from "./quick-edit.ts";
import { isWorthStaging, stage } from "./staged-load.ts";
import { createTouched } from "./touched.ts";

export type Kernel = {
  change(desired: Ruleset): Promise<KernelOutcome>;
  /** lists our table and brings it to `desired` when it differs; `isGone`: the table is known to be away */
  heal(desired: Ruleset, isGone?: boolean): Promise<HealOutcome>;
  /** what `desired` would take, and the kernel's answer in check mode; nothing is changed */
  check(desired: Ruleset): Promise<Pick<ChangePreview, "script" | "statements" | "check">>;
  /** lists and compares without changing anything; null = could not be told now */
  matches(desired: Ruleset): Promise<boolean | null>;
  /** the same for only what transactions wrote since the last call; true when there was nothing */
  touchedMatch(desired: Ruleset): Promise<boolean | null>;
  /** the fixed rules were not listed since our own hand: matches() learns them */
  needsListing(): boolean;
  /** the generation moved without us since our last transaction; null without netlink */
  wasTouched(): boolean | null;
  /** what happened until now is accepted: later checks compare with now */
  markSeen(): void;
  isAt(ruleset: Ruleset): boolean;
};

export function createKernel(deps: KernelDeps): Kernel {
  let running: Ruleset | FlatRuleset | null = null;
  let seen: number | null = null;
  /** the fixed chains as the kernel lists them after our own hand: the same as long as we live; null = not listed yet */
  let fixedRules: ReadonlyMap<string, string> | null = null;
  /** they were written anew because they were never listed */
  let isWrittenUnseen = false;
  const touched = createTouched(deps);
  /** the listing that matches() found to differ: good for heal() as long as nobody wrote since */
  let differing: { readonly generation: number; readonly listing: Listing } | null = null;

  async function transact(ops: readonly Op[]): Promise<NftAnswer> {
    const before = deps.generation();
    if (before !== null && before === seen) {
      const quick = deps.quickEdit(ops, before);
      if (quick === "applied") return appliedAt(before);
      if (quick === "unknown") return { status: "lost", text: "the kernel did not answer" };
    }
    const line = render(ops);
    const answer = await nftLine(deps.child, deps.run, line);
    const after = deps.generation();
    if (answer.status === "ok" && before !== null && after !== null) {
      deps.onOwn(before, after, isForChild(line));
      const isForeign = (after - before) >>> 0 > 1 || (seen !== null && before !== seen);
      if (isForeign) deps.onForeign("Someone else changed the rules of this host at the same time");
      else seen = after;
    }
    return answer;
  }

  /** It was done at this generation and at no other: whoever else wrote since did so after us. */
  function appliedAt(generation: number): NftAnswer {
    seen = nextGeneration(generation);
    deps.onOwn(generation, seen, false);
    return { status: "ok", output: "" };
  }

  const viaProcess = (script: string, args?: readonly string[]) => nftProcess(deps.run, script, args);

  /** Nothing of ours is in the kernel: the table without farms, then all of them. */
  async function loadFirst(desired: Ruleset): Promise<KernelOutcome> {
    const empty = emptyRuleset(desired.tag);
    if (deps.chunkElements !== null || !isWorthStaging(desired)) return load(desired);
    const answer = await loadStep(() => viaProcess(renderScript(empty)));
    if (answer.status !== "ok") return load(desired);
    loaded(empty);
    const outcome = await change(desired);
    return outcome.status === "applied" ? { ...outcome, statements: 1 } : outcome;
  }

  /** A table nobody of us has looked at may be there: it is replaced at once. */
  async function loadUnseen(desired: Ruleset): Promise<KernelOutcome> {
    const isAbsent = isWorthStaging(desired) && (await deps.listing.table()).status === "absent";
    return isAbsent ? loadFirst(desired) : load(desired);
  }

  function editNow(ops: readonly Op[]): boolean {
    const before = deps.generation();
    if (before === null || before !== seen || deps.quickEdit(ops, before) !== "applied") return false;
    appliedAt(before);
    return true;
  }

  /** Replaces the whole table; in an ordinary user's namespace in pieces, the dispatch elements last. */
  async function load(desired: Ruleset): Promise<KernelOutcome> {
    const scripts = deps.chunkElements === null ? [renderScript(desired)] : renderChunks(desired, deps.chunkElements);
    for (const script of scripts) {
      const answer = await loadStep(() => viaProcess(script));
      if (answer.status !== "ok") return refusal(answer.text);
    }
    return loaded(desired);
  }

  function loaded(ruleset: Ruleset): KernelOutcome {
    running = ruleset;
    touched.forget();
    return { status: "applied", statements: 1, wasRepaired: false };
  }

  async function loadStep(step: () => Promise<NftAnswer>): Promise<NftAnswer> {
    const before = deps.generation();
    const answer = await step();
    const after = deps.generation();
    // more than our own step: somebody wrote meanwhile, and `seen` stays behind so that it is looked at
    seen = before !== null && after !== null && after - before > 1 ? before : after;
    if (answer.status === "ok" && before !== null && after !== null) deps.onOwn(before, after, false);
    return answer;
  }

  /** Nothing of ours is left: the waiting load first, then what it left out; without one, a load from the start. */
  async function reload(desired: Ruleset): Promise<KernelOutcome> {
    const spare = deps.spare.take();
    if (spare === null) return loadFirst(desired);
    const answer = await loadStep(() => spare.run(loadTimeoutMs));
    if (answer.status !== "ok") return load(desired);
    const outcome = loaded(spare.ruleset);
    const rest = await change(desired);
    return rest.status === "applied" ? outcome : rest;
  }

  /** The kernel is not what we thought: list, apply the difference; then repair in a new process. */
  async function recover(desired: Ruleset, first: string): Promise<KernelOutcome> {
    let text = first;
    for (const way of ["difference", "repair"] as const) {
      const listed = await deps.listing.table();
      if (listed.status === "failed") return refusal(listed.text);
      if (listed.status === "absent" || !listed.listing.hasLayout) return repaired(await load(desired));
      const { flat } = listed.listing;
      running = flat;
      const ops = way === "difference" ? diff(flat, desired) : repair(flat, desired);
      const answer = ops.length === 0 ? { status: "ok" as const, output: "" } : await recoveryStep(way, ops);
      if (answer.status === "ok") {
        running = desired;
        return { status: "applied", statements: ops.length, wasRepaired: true };
      }
      text = answer.text;
    }
    return refusal(text);
  }

  async function recoveryStep(way: "difference" | "repair", ops: readonly Op[]): Promise<NftAnswer> {
    if (way === "difference") return transact(ops);
    return loadStep(() => viaProcess(render(ops)));
  }

  async function apply(desired: Ruleset, ops: readonly Op[]): Promise<KernelOutcome> {
    const answer = await transact(ops);
    if (answer.status === "ok") {
      running = desired;
      touched.note(ops);
      return { status: "applied", statements: ops.length, wasRepaired: false };
    }
    deps.log("warn", "transaction-failed", { status: answer.status, text: answer.text });
    if (answer.status === "error" && !isRetryable(answer.text)) return refusal(answer.text);
    return recover(desired, answer.text);
  }

  async function change(desired: Ruleset): Promise<KernelOutcome> {
    if (running === null) return loadUnseen(desired);
    const ops = diff(running, desired);
    const elements = elementsIn(ops);
    if (deps.chunkElements !== null && elements > deps.chunkElements) return tooLarge(elements, deps.chunkElements);
    if (isEmpty(running) && isWorthStaging(desired)) return changeStaged(desired, ops);
    if (ops.length > 0) return apply(desired, ops);
    running = desired;
    return { status: "applied", statements: 0, wasRepaired: false };
  }

  /** What was put in ahead is read back later, when things are quiet. */
  async function changeStaged(desired: Ruleset, ops: readonly Op[]): Promise<KernelOutcome> {
    const { rest, ahead } = await stage(ops, editNow, deps.pause);
    if (rest === null) return recover(desired, "the kernel did not take the elements of the farms");
    const outcome = await apply(desired, rest);
    if (outcome.status === "applied") touched.noteAhead(ahead);
    return outcome;
  }

  /** What must be done to what was listed; null = nothing. Fixed rules that were never listed after our hand are written anew. */
  function healingOps(listing: Listing, desired: Ruleset): { ops: Op[]; what: string } | null {
    // somebody who writes all the time leaves no quiet listing to learn them from: once is enough
    if (fixedRules === null && isWrittenUnseen && listing.missing.length === 0) fixedRules = listing.fixedRules;
    const hasSkeleton =
      listing.missing.length === 0 && fixedRules !== null && sameRules(fixedRules, listing.fixedRules);
    const ops = diff(listing.flat, desired);
    if (hasSkeleton) return ops.length === 0 ? null : { ops, what: opsInWords(ops) };
    return {
      ops: repair(listing.flat, desired),
      what: ops.length === 0 ? "fixed rules written anew" : opsInWords(ops),
    };
  }

  async function heal(desired: Ruleset, isGone = false): Promise<HealOutcome> {
    const generation = deps.generation();
    const known = differing !== null && differing.generation === generation ? differing.listing : null;
    differing = null;
    const asked = async () => (known === null ? deps.listing.table() : { status: "listed" as const, listing: known });
    const listed = isGone ? { status: "absent" as const } : await asked();
    if (listed.status === "failed") return { status: "failed", text: listed.text };
    if (listed.status === "absent")
      return healed(await reload(desired), `the whole table was gone and is back${forgotten(desired)}`, null);
    if (!listed.listing.hasLayout)
      return healed(await load(desired), `the table had another layout and was replaced${forgotten(desired)}`, null);
    running = listed.listing.flat;
    seen = generation;
    const needed = healingOps(listed.listing, desired);
    const found = { flat: listed.listing.flat, fixedChains: changedRules(fixedRules, listed.listing.fixedRules) };
    if (needed === null) {
      running = desired;
      return { status: "in-sync" };
    }
    const isTooLarge = deps.chunkElements !== null && elementsIn(needed.ops) > deps.chunkElements;
    const outcome = isTooLarge ? await load(desired) : await apply(desired, needed.ops);
    isWrittenUnseen = fixedRules === null && outcome.status === "applied";
    return healed(outcome, needed.what, found);
  }

  async function matches(desired: Ruleset): Promise<boolean | null> {
    const generation = deps.generation();
    const listed = await deps.listing.table();
    if (deps.generation() !== generation || running !== desired || listed.status === "failed") return null;
    if (listed.status === "absent" || !listed.listing.hasLayout) return false;
    deps.onStrange(listed.listing.foreign);
    if (fixedRules === null && generation === seen) {
      fixedRules = listed.listing.fixedRules;
      deps.log("info", "fixed-rules-known");
    }
    if (healingOps(listed.listing, desired) === null) {
      seen = generation;
      touched.forget();
      return true;
    }
    if (generation !== null) differing = { generation, listing: listed.listing };
    return false;
  }

  return {
    change,
    heal,
    matches,
    touchedMatch: (desired) => touched.match(desired, () => running === desired),
    async check(desired) {
      const statements = renderStatements(diff(running, desired));
      const script = statements.join("\n");
      if (statements.length === 0) return { script, statements: 0, check: null };
      const startedMs = performance.now();
      const answer = await viaProcess(script, ["-c"]);
      const text =
        answer.status === "ok" ? "The kernel accepts it." : `The kernel would refuse it: ${errorWord(answer.text)}.`;
      const check = { ok: answer.status === "ok", text, durationMs: performance.now() - startedMs };
      return { script, statements: statements.length, check };
    },
    needsListing: () => running !== null && fixedRules === null,
    wasTouched: () => {
      const now = deps.generation();
      return now === null || seen === null ? null : now !== seen;
    },
    markSeen: () => {
      seen = deps.generation();
    },
    isAt: (ruleset) => running === ruleset,
  };
}

function isEmpty(running: Ruleset | FlatRuleset): boolean {
  return "fragments" in running && running.fragments.size === 0;
}
