/** What live rows say of health: a farm's state and whether its checks are believed, a backend's state, since when, why, and its weight. */
import { linkTrouble } from "../core/farm/host-view.ts";
import { type Posts, postsOf } from "../core/farm/posts.ts";
import type { Farm } from "../core/farm/types.ts";
import { type FarmWordAnswer, farmWord } from "../core/farm/word.ts";
import { conditionOf } from "../core/health/condition.ts";
import { slowStartFactor } from "../core/health/slow-start.ts";
import type { BackendLive, FarmLive, WeightFactors } from "../core/metrics/live.ts";
import { checkLive, checkReason, isSilent, type Tracker } from "./check-tracker.ts";
import type { FarmTrack, SaidOfFarm } from "./farm-track.ts";
import { type BackendProbe, isFailing } from "./latency.ts";
import type { LiveInput } from "./live-rows.ts";
import { probeTrouble, silentText, worstReason } from "./probe-trouble.ts";

type Told = Pick<BackendLive, "healthSince" | "askedAgainAt" | "check">;

export function checkedRow(tracker: Tracker | null): Told {
  if (tracker === null) return {};
  const { state, askedFrom } = tracker;
  return {
    check: checkLive(tracker),
    ...(state.since === null ? {} : { healthSince: state.since }),
    // what a former life of the agent knew, or what was known before the farm was disabled
    ...(state.since === null || state.since >= askedFrom ? {} : { askedAgainAt: askedFrom }),
  };
}

type FarmState = FarmWordAnswer & Pick<FarmLive, "silent">;

/** Failures that are not believed make it critical: who is kept may well be gone. Who is not heard of is named whatever the word is. */
export function farmState(track: FarmTrack, input: LiveInput): FarmState {
  const { farm } = track;
  const { answer, posts } = saidOf(track, input);
  const panic = input.checks.panic(farm.id);
  if (panic !== null) return { ...answer, word: answer.word === "down" ? "down" : "critical", reason: panic };
  if (!farm.enabled) return answer;
  const failing = input.hasProber ? troubleOf(track, input) : null;
  const silent = posts.unsure === undefined ? [] : silentOf(track, input);
  const reason = worstReason(worstReason(silentText(silent), answer.reason), failing);
  return { ...answer, reason, ...(silent.length === 0 ? {} : { silent: silent.length }) };
}

export function postsOfFarm(track: FarmTrack, input: LiveInput): Posts {
  return saidOf(track, input).posts;
}

function saidOf({ farm, eff, kept }: FarmTrack, input: LiveInput): SaidOfFarm {
  const conditions = input.conditions.of(farm.id);
  if (kept.said?.conditions !== conditions)
    kept.said = {
      conditions,
      answer: farmWord(farm, eff, conditions, false),
      posts: postsOf(farm, eff, conditions),
    };
  return kept.said;
}

export function panicOf({ farm }: FarmTrack, { checks }: LiveInput): Pick<FarmLive, "panic"> {
  const panic = checks.panic(farm.id);
  return panic === null ? {} : { panic };
}

/** Why the weight in the kernel is not the administrator's; null = it is. */
export function weightsOf(
  farm: Farm,
  backendId: string,
  tracker: Tracker | null,
  { weightOf, wishOf, atMs }: LiveInput,
): WeightFactors | null {
  const dynamic = weightOf(farm.id, backendId);
  const slowStart = slowStartLive(farm, tracker, atMs);
  const wish = wishOf(farm.id, backendId);
  if (dynamic === null && slowStart === null && wish === null) return null;
  return {
    ...(slowStart === null ? {} : { slowStart }),
    ...(dynamic === null ? {} : { dynamic }),
    ...(wish === null ? {} : { wish }),
  };
}

/** The check's words where there is one; else what the connect probe saw, as long as somebody probes. */
export function reasonOf(
  farm: Farm,
  index: number,
  { tracker, probe }: { readonly tracker: Tracker | null; readonly probe: BackendProbe | null },
  input: Pick<LiveInput, "atMs" | "conditions" | "hasProber">,
): string | null {
  const link = linkTrouble(farm, index, input.conditions.host);
  if (link !== null) return link;
  if (tracker !== null) return checkReason(tracker, input.atMs);
  return input.hasProber ? (probe?.reason ?? null) : null;
}

/** null = it has its whole share, or nobody checks it. */
function slowStartLive(farm: Farm, tracker: Tracker | null, nowMs: number): WeightFactors["slowStart"] | null {
  const cameUpAt = tracker?.cameUpAt ?? null;
  if (cameUpAt === null) return null;
  return { factor: slowStartFactor(farm, cameUpAt, nowMs), untilMs: cameUpAt + farm.failover.slowStartS * 1000 };
}

/** Names of those that serve and are checked, and of whom nothing was heard for a while. */
function silentOf({ farm, eff }: FarmTrack, { checks, conditions, atMs }: LiveInput): string[] {
  const known = conditions.of(farm.id);
  return farm.backends.flatMap(({ id, name }, index) => {
    if ((eff.backends[index]?.weight ?? 0) === 0 || conditionOf(known, id).health !== "unknown") return [];
    const tracker = checks.of(farm.id, id);
    return tracker !== null && isSilent(tracker, atMs) ? [name] : [];
  });
}

/** Of backends that no check takes out. */
function troubleOf({ farm, eff, ids }: FarmTrack, { latency, checks }: LiveInput): string | null {
  return probeTrouble(
    farm.backends.flatMap(({ id, name }, index) => {
      const probe = latency.of(ids[index] ?? 0);
      const takesNew = isFailing(probe) && (eff.backends[index]?.weight ?? 0) > 0 && checks.of(farm.id, id) === null;
      return takesNew ? [{ name, error: probe.lastError }] : [];
    }),
  );
}
