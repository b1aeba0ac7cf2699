/**
 * What of a farm's failing checks is believed: nothing before everybody was asked once, and nothing more while too many fail at once
 * and nobody else could take over (panic). Decided for each group of backends that share the load.
 */
import { familyOf } from "../core/farm/address.ts";
import type { Backend, Family, Farm } from "../core/farm/types.ts";
import { afterSilence, withMoments } from "../core/health/check-state.ts";
import { type Candidate, isPanic, panicWindowMs, staysPanic } from "../core/health/panic.ts";
import { isForgotten, isStale, resultWords, staleFromMs, type Tracker } from "./check-tracker.ts";
import { movedAlong } from "./clock-jump.ts";
import { namesOf } from "./probe-trouble.ts";

export type FarmChecks = {
  readonly farm: Farm;
  /** by backend id */
  readonly trackers: ReadonlyMap<string, Tracker>;
  /** when everybody was to be asked: until then nobody is taken out */
  firstRoundUntil: number;
  /** nothing beside its checks keeps it from serving now: no window, no ejection, no wish of its own */
  readonly isFree: (backendId: string) => boolean;
  isFirstRoundOver: boolean;
  /** groups whose failures are not believed */
  readonly panics: Set<string>;
  /** people were told of somebody who cannot be checked from here */
  isBlind: boolean;
  /** before this moment time alone changes nothing of it: thousands of farms are not looked through each second */
  quietUntilMs: number;
};

/** A check of an hour must not keep a failure from being believed for an hour. */
const firstRoundMsMax = 30_000;

export function firstRoundMs(trackers: Iterable<Tracker>): number {
  const each = Array.from(trackers, ({ check }) => check.intervalMs + check.timeoutMs + 1000);
  return Math.min(firstRoundMsMax, Math.max(0, ...each));
}

/** Brings `isOut` of its trackers to what is believed now. */
export function decide(checks: FarmChecks, nowMs: number): void {
  checks.isFirstRoundOver ||= isFirstRoundOver(checks, nowMs);
  for (const tracker of checks.trackers.values()) if (tracker.state.health !== "down") tracker.isOut = false;
  for (const group of groupsWithFailures(checks)) decideGroup(checks, group, nowMs);
}

/** What nobody was asked about for long is not known; of who is down only where else nobody would serve. */
export function growOld(checks: FarmChecks, nowMs: number): boolean {
  let isChanged = false;
  for (const tracker of checks.trackers.values()) {
    if (!isStale(tracker, nowMs)) continue;
    const before = tracker.state;
    const isNothingNew = before.health === "unknown" || (before.health === "down" && tracker.isOut);
    if (isNothingNew && isForgotten(before)) continue;
    const after = afterSilence(before, nowMs);
    // whose failing was not believed serves on, and nothing is known of it either
    tracker.state = after.health === "down" && !tracker.isOut ? { ...after, health: "unknown", since: nowMs } : after;
    isChanged = true;
  }
  for (const group of groupsWithFailures(checks)) isChanged = emptiedBySilence(checks, group, nowMs) || isChanged;
  return isChanged;
}

/** See `quietUntilMs`: who fails, grows its share or is not believed is looked at each time, the others when a result is due. */
export function quietUntil(checks: FarmChecks, nowMs: number): number {
  if (checks.panics.size > 0 || !checks.isFirstRoundOver) return nowMs;
  let quietMs = Number.POSITIVE_INFINITY;
  for (const tracker of checks.trackers.values()) {
    if (tracker.state.health === "down" || tracker.cameUpAt !== null) return nowMs;
    if (!isStale(tracker, nowMs)) quietMs = Math.min(quietMs, staleFromMs(tracker));
  }
  return quietMs;
}

/** The clock was set: states keep their age, so that nothing old looks fresh and nobody waits for the clock to catch up. */
export function moveAlong(checks: FarmChecks, byMs: number, nowMs: number): void {
  const moved = (atMs: number) => movedAlong(atMs, byMs, nowMs);
  checks.firstRoundUntil += byMs;
  checks.quietUntilMs = nowMs;
  for (const tracker of checks.trackers.values()) {
    tracker.state = withMoments(tracker.state, moved);
    tracker.askedFrom = moved(tracker.askedFrom);
    if (tracker.cameUpAt !== null) tracker.cameUpAt = moved(tracker.cameUpAt);
    if (tracker.last !== null) tracker.last = { ...tracker.last, at: moved(tracker.last.at) };
  }
}

/** In words, while it lasts. */
export function panicText({ farm, trackers, panics }: FarmChecks): string | null {
  if (panics.size === 0) return null;
  const failing = [...trackers.values()].filter(({ state, group }) => state.health === "down" && panics.has(group));
  const kept = failing.filter(({ isOut }) => !isOut).map(({ name }) => name);
  const names =
    kept.length > 3 ? `${kept.length} of them stay` : `${kept.join(", ")} ${kept.length === 1 ? "stays" : "stay"}`;
  return `${failing.length} of ${farm.backends.length} backends fail at once: the checks are not believed, ${names} in rotation`;
}

/**
 * Who cannot be checked from here, and why: what people are to be told, null = that this is over, undefined = nothing new. Said once all
 * were asked, so that it names all, and of those alone of whom nothing is known any more.
 */
export function blindNews(checks: FarmChecks): string | null | undefined {
  const trackers = [...checks.trackers.values()];
  if (trackers.some(({ last, forbidden }) => last === null && forbidden === null)) return undefined;
  const unseen = trackers.filter(({ state, last }) => state.health === "unknown" && last?.error === "cannot-check");
  const [first] = unseen;
  if (checks.isBlind === (first !== undefined)) return undefined;
  checks.isBlind = first !== undefined;
  if (first === undefined) return null;
  const whose = unseen.length === 1 ? "its" : "their";
  return `${namesOf(unseen.map(({ name }) => name))} cannot be checked: ${resultWords(first.last)}; nothing is known of ${whose} health`;
}

function decideGroup(checks: FarmChecks, group: string, nowMs: number): void {
  const members = candidatesOf(checks, group);
  const { panicPct } = checks.farm.failover;
  const mayTakeOver = hasTakeover(checks, group);
  for (const tracker of pendingOf(checks, group)) {
    if (!checks.isFirstRoundOver) return;
    const candidates = members.map(candidateOf);
    const windowMs = panicWindowMs(tracker.check.intervalMs);
    const isKept =
      !mayTakeOver &&
      panicPct < 100 &&
      (checks.panics.has(group)
        ? staysPanic(candidates, panicPct, nowMs)
        : isPanic(candidates, panicPct, windowMs, nowMs));
    if (isKept) {
      checks.panics.add(group);
      return;
    }
    checks.panics.delete(group);
    tracker.isOut = true;
  }
}

/** Failing and not out yet, who failed first comes first. A panic without them is over. */
function pendingOf(checks: FarmChecks, group: string): Tracker[] {
  const pending = trackersOf(checks, group).filter(({ state, isOut }) => state.health === "down" && !isOut);
  if (pending.length === 0) checks.panics.delete(group);
  return pending.sort((a, b) => (a.state.since ?? 0) - (b.state.since ?? 0));
}

function isFirstRoundOver({ trackers, firstRoundUntil }: FarmChecks, nowMs: number): boolean {
  return nowMs >= firstRoundUntil || [...trackers.values()].every(({ last, forbidden }) => last !== null || forbidden);
}

/** Groups in which somebody fails, or whose panic is not over yet. */
function groupsWithFailures({ trackers, panics }: FarmChecks): Set<string> {
  const groups = new Set(panics);
  for (const { state, group } of trackers.values()) if (state.health === "down") groups.add(group);
  return groups;
}

function trackersOf({ trackers }: FarmChecks, group: string): Tracker[] {
  return [...trackers.values()].filter((each) => each.group === group);
}

/** Everybody who is to serve in this group, checked or not. */
function candidatesOf({ farm, trackers, isFree }: FarmChecks, group: string): (Tracker | null)[] {
  return farm.backends
    .filter((backend) => isMeantToServe(backend) && isFree(backend.id) && groupOf(backend) === group)
    .map(({ id }) => trackers.get(id) ?? null);
}

function candidateOf(tracker: Tracker | null): Candidate {
  if (tracker === null || tracker.state.health !== "down") return { downAt: null, isOut: false };
  return { downAt: tracker.state.since ?? 0, isOut: tracker.isOut };
}

/** A higher tier with somebody who answers, or a sorry server. */
function hasTakeover({ farm, trackers, isFree }: FarmChecks, group: string): boolean {
  const [family, tier] = group.split(" ").map(Number);
  if (farm.sorryServer !== null && familyOf(farm.sorryServer.address) === family) return true;
  return farm.backends.some(
    (backend) =>
      isMeantToServe(backend) &&
      isFree(backend.id) &&
      familyOf(backend.address) === family &&
      backend.tier > (tier ?? 0) &&
      trackers.get(backend.id)?.state.health !== "down",
  );
}

function emptiedBySilence(checks: FarmChecks, group: string, nowMs: number): boolean {
  const stale = trackersOf(checks, group).filter(
    (tracker) => tracker.state.health === "down" && isStale(tracker, nowMs),
  );
  const isEmpty = candidatesOf(checks, group).every((tracker) => tracker?.isOut === true);
  if (!isEmpty || stale.length === 0 || hasTakeover(checks, group)) return false;
  for (const tracker of stale) tracker.state = { ...tracker.state, health: "unknown", since: nowMs };
  return true;
}

function isMeantToServe({ adminState, weight }: Backend): boolean {
  return adminState === "active" && weight > 0;
}

export function groupOf({ address, tier }: Pick<Backend, "address" | "tier">): string {
  const family: Family = familyOf(address);
  return `${family} ${tier}`;
}
