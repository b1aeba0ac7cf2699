/**
 * Watches that the kernel keeps what we gave it. The generation is asked every 10 ms (microseconds): when it moved without us, first
 * whether our table is there at all (then it is put back at once), then, at a bounded pace, whether its content is still ours. After our own
 * changes and repairs the touched objects are listed once things are quiet. Without netlink: by listings, each second and less.
 */
import type { Ruleset } from "../core/ruleset/model.ts";
import type { Applier } from "./applier.ts";
import type { Kernel } from "./kernel.ts";
import type { Writers } from "./writers.ts";

export type DriftDeps = {
  readonly applier: Pick<Applier, "state" | "isBusy" | "heal" | "sync">;
  readonly kernel: Pick<Kernel, "wasTouched" | "needsListing" | "matches" | "touchedMatch">;
  readonly writers: Pick<Writers, "take" | "others" | "settle">;
  readonly seesTable: () => Promise<boolean | null>;
  /** the kernel has this, and nobody writes */
  readonly atRest: (ruleset: Ruleset) => void;
  /** somebody else wrote, ours or not: told at once */
  readonly onForeign: () => void;
  readonly now: () => number;
};

export type Drift = {
  /** asked every few milliseconds; a look that takes longer is not started twice */
  tick(): Promise<void>;
  /** a change was committed */
  changed(): void;
};

/** somebody who writes all the time: the table is looked for at this pace */
const presencePauseMs = 20;
const comparePauseMs = 300;
/** without netlink nothing says that somebody wrote: the table is looked for each second and compared now and then */
const blindPresenceMs = 1000;
const blindCompareMs = 15_000;
/** without a change. More than a second: weights that follow a measurement move each second, and things are not quiet in between */
const quietMs = 2000;
/** things are never quiet then, and are looked at all the same */
const unseenMaxMs = 300_000;
/** a listing that hung took long without costing anything: it is tried again soon */
const againMaxMs = 5000;
/** comparisons may cost this part of the time */
const paceFactor = 10;
/** of that, what may be spent at once: who writes a second time is found as soon as the first time */
const spentAtOnceMs = 10_000;
/** somebody writes all the time: after so many listings that were overtaken one is made with the queue held */
const overtakenMax = 3;
/** putting right failed: the next try comes after this, each further one after twice as long */
const failedPauseMs = 250;
const failedPauseMaxMs = 10_000;

export function createDrift(deps: DriftDeps): Drift {
  let isLooking = false;
  let presenceDueMs = 0;
  let compareDueMs = 0;
  /** until when what comparisons cost is spread at their pace */
  let spentUntilMs = 0;
  let touchedDueMs: number | null = null;
  /** of the first change that was not looked at */
  let unseenSinceMs: number | null = null;
  let overtaken = 0;
  let failures = 0;

  async function look(): Promise<void> {
    const { desired } = deps.applier.state();
    if (deps.applier.isBusy()) return;
    const heard = deps.writers.take();
    const touched = deps.kernel.wasTouched();
    // not by `touched`: what a load or a repair of ours wrote over is ours again, and was somebody's all the same
    if (deps.writers.others() || (touched === null && heard)) deps.onForeign();
    if (desired.n === 0 || deps.applier.sync() === "unclaimed") return;
    if (touched === false) deps.atRest(deps.applier.state().ruleset);
    const now = deps.now();
    if (touched !== false && now >= presenceDueMs && (await putBackIfGone(touched === null))) return;
    if ((touched !== false || deps.kernel.needsListing()) && now >= compareDueMs) {
      await compare(touched === null);
      return;
    }
    if (touchedDueMs !== null && now >= touchedDueMs) await compareTouched();
  }

  async function putBackIfGone(isBlind: boolean): Promise<boolean> {
    const isThere = await deps.seesTable();
    presenceDueMs = deps.now() + (isBlind ? blindPresenceMs : presencePauseMs);
    if (isThere === false) await heal("The rules of this host were emptied", true);
    return isThere === false;
  }

  async function compare(isBlind: boolean): Promise<void> {
    const startedMs = deps.now();
    const isSame = await deps.kernel.matches(deps.applier.state().ruleset);
    const tookMs = deps.now() - startedMs;
    spentUntilMs = Math.max(spentUntilMs, deps.now()) + tookMs * paceFactor;
    compareDueMs = Math.max(deps.now() + (isBlind ? blindCompareMs : comparePauseMs), spentUntilMs - spentAtOnceMs);
    overtaken = isSame === null ? overtaken + 1 : 0;
    if (isSame === true) deps.writers.settle();
    if (isSame === false || overtaken > overtakenMax) {
      overtaken = 0;
      await heal("The rules were changed from outside", false);
    }
  }

  async function compareTouched(): Promise<void> {
    const startedMs = deps.now();
    touchedDueMs = null;
    unseenSinceMs = null;
    const isSame = await deps.kernel.touchedMatch(deps.applier.state().ruleset);
    const tookMs = deps.now() - startedMs;
    if (isSame === null) touchedDueMs = deps.now() + quietMs + Math.min(tookMs * paceFactor, againMaxMs);
    if (isSame === false) await heal("The kernel's elements were not what was applied", false);
  }

  async function heal(reason: string, isGone: boolean): Promise<void> {
    const { status } = await deps.applier.heal(reason, isGone);
    if (status === "healed") changed();
    failures = status === "failed" ? failures + 1 : 0;
    if (failures > 0) {
      const pauseMs = Math.min(failedPauseMaxMs, failedPauseMs * 2 ** Math.min(failures - 1, 10));
      presenceDueMs = deps.now() + pauseMs;
      compareDueMs = presenceDueMs;
    }
    deps.writers.settle();
  }

  function changed(): void {
    const nowMs = deps.now();
    unseenSinceMs ??= nowMs;
    touchedDueMs = Math.min(nowMs + quietMs, unseenSinceMs + unseenMaxMs);
  }

  return {
    async tick() {
      if (isLooking) return;
      isLooking = true;
      try {
        await look();
      } finally {
        isLooking = false;
      }
    },
    changed,
  };
}
