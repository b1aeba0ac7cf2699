/** What live rows say of health: a farm's state and whether its checks are believed, a backend's state, since when, why, and its weight. */
import { linkTrouble } from "../core/farm/host-view.ts";
import { type Posts, postsOf } from "../core/farm/posts.ts";
import type { Farm } from "../core/farm/types.ts";
import { type FarmWordAnswer, farmWord } from "../core/farm/word.ts";
import { slowStartFactor } from "../core/health/slow-start.ts";
import type { BackendLive, FarmLive, WeightFactors } from "../core/metrics/live.ts";
import { checkLive, checkReason, type Tracker } from "./check-tracker.ts";
import type { FarmTrack, SaidOfFarm } from "./farm-track.ts";
import { type BackendProbe, isFailing } from "./latency.ts";
import type { LiveInput } from "./live-rows.ts";
import { probeTrouble, worstReason } from "./probe-trouble.ts";

type Told = Pick<BackendLive, "healthSince" | "check">;

export function checkedRow(tracker: Tracker | null): Told {
  if (tracker === null) return {};
  const { state } = tracker;
  return {
    check: checkLive(tracker),
    ...(state.since === null ? {} : { healthSince: state.since }),
  };
}

/** Failures that are not believed make it critical: who is kept may well be gone. */
export function farmState(track: FarmTrack, input: LiveInput): FarmWordAnswer {
  const { farm } = track;
  const { answer } = saidOf(track, input);
  const panic = input.checks.panic(farm.id);
  if (panic !== null) return { ...answer, word: answer.word === "down" ? "down" : "critical", reason: panic };
  if (!farm.enabled || !input.hasProber) return answer;
  return { ...answer, reason: worstReason(answer.reason, troubleOf(track, input)) };
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
