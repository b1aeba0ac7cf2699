/**
 * A change in plain sentences, before and after it is applied: what the administrator decided, and what it does to new connections.
 * Shares are planned shares, percent with one decimal, of new connections of the backend's own family.
 */
import type { EffectiveFarm } from "../farm/effective.ts";
import { openConnectionsText } from "../farm/forwarding.ts";
import { isHashing } from "../farm/hash-slots.ts";
import { noPolicy } from "../farm/policy.ts";
import { plannedShares, programmedShares } from "../farm/shares.ts";
import type { Backend, Farm } from "../farm/types.ts";
import { checkFarmSentences, ownCheckText } from "./explain-checks.ts";
import { explainFields, portsText } from "./explain-fields.ts";
import { explainList, type ListChange } from "./explain-lists.ts";
import { explainPolicy } from "./explain-policy.ts";
import { connectionLimitText, standInSentences, stickyFarmSentences } from "./explain-sticky.ts";
import { movedClientsSentences } from "./moved-clients.ts";
import type { Operation } from "./operation.ts";

export type FarmChange = {
  readonly before: Farm | null;
  readonly after: Farm | null;
  readonly effBefore: EffectiveFarm | null;
  readonly effAfter: EffectiveFarm | null;
};

/** Rows whose own settings stay but whose share changes are named up to this many, then counted. */
const followersMax = 12;

/** One farm. Empty = nothing changes. */
export function explain(
  before: Farm | null,
  after: Farm | null,
  effBefore: EffectiveFarm | null,
  effAfter: EffectiveFarm | null,
): string[] {
  if (before === null) return after === null ? [] : explainNew(after, sharesOf(after, effAfter));
  if (after === null) return explainRemoved(before);
  const was = sharesOf(before, effBefore);
  const is = sharesOf(after, effAfter);
  const sentences = [...explainFields(before, after), ...explainBackends(before, after, was, is)];
  if (effBefore !== null && effAfter !== null)
    sentences.push(...standInSentences({ farm: before, eff: effBefore }, { farm: after, eff: effAfter }));
  if (effBefore !== null && effAfter !== null)
    sentences.push(...movedClientsSentences({ farm: before, eff: effBefore }, { farm: after, eff: effAfter }));
  if (sentences.length > 0 && !before.enabled && !after.enabled)
    sentences.push(`Farm ${after.name} is stopped: none of this answers until it is started`);
  return sentences;
}

/** A whole change: lists first; with several farms each sentence begins with its farm's name; cuts come last. */
export function explainChange(
  farms: readonly FarmChange[],
  operations: readonly Operation[],
  lists: readonly ListChange[] = [],
): string[] {
  const cuts = operations.flatMap((operation) => (operation.type === "cut" ? [operation] : []));
  const sentences = farms.flatMap(({ before, after, effBefore, effAfter }) => {
    const name = after?.name ?? before?.name ?? "";
    return explain(before, after, effBefore, effAfter).map((text) => (farms.length > 1 ? `${name}: ${text}` : text));
  });
  const cutSentences = cuts.flatMap(({ farmId, backendId }) => {
    const farm = farms.find(({ before, after }) => (after ?? before)?.id === farmId);
    const backend = (farm?.after ?? farm?.before)?.backends.find(({ id }) => id === backendId);
    return backend === undefined ? [] : [`${backend.name}: its open connections are cut`];
  });
  return [...lists.flatMap(explainList), ...sentences, ...cutSentences];
}

type Shares = {
  readonly pct: ReadonlyMap<string, number>;
  /** what the slots make of it, where a hash makes it another */
  readonly programmedPct: ReadonlyMap<string, number> | null;
  readonly hasBothFamilies: boolean;
  readonly eff: EffectiveFarm | null;
};

function sharesOf(farm: Farm, eff: EffectiveFarm | null): Shares {
  const pct = eff === null ? new Map<string, number>() : plannedShares(farm, eff);
  const families = new Set(eff?.backends.map((backend) => backend.family));
  const isAnother = eff !== null && isHashing(farm.scheduler);
  const programmedPct = isAnother ? programmedShares(farm, eff, { 4: 0, 6: 0 }) : null;
  return { pct, programmedPct, hasBothFamilies: families.size > 1, eff };
}

function explainNew(farm: Farm, shares: Shares): string[] {
  const backends = farm.backends.map((backend) => {
    const head = `${backend.name} at ${placeOf(backend)} with weight ${backend.weight}${decided(backend)}`;
    return `${head}: takes ${part(shares, backend)}`;
  });
  const where = `${farm.addresses.join(", ")} ${portsText(farm)}`;
  const state = farm.enabled ? "answers" : "is stopped; once started it answers";
  const head = `New farm ${farm.name} ${state} at ${where}, ${farm.scheduler}, ${farm.forwarding}`;
  const filters = explainPolicy({ ...farm, policy: noPolicy }, farm);
  return [head, ...checkFarmSentences(farm), ...stickyFarmSentences(farm), ...filters, ...backends];
}

function explainRemoved(farm: Farm): string[] {
  return [`Farm ${farm.name} is removed: ${farm.addresses.join(", ")} ${portsText(farm)} no longer answers`];
}

function explainBackends(before: Farm, after: Farm, was: Shares, is: Shares): string[] {
  const old = new Map(before.backends.map((backend) => [backend.id, backend]));
  const kept = new Set(after.backends.map((backend) => backend.id));
  const removed = before.backends
    .filter((backend) => !kept.has(backend.id))
    .map((backend) => `${backend.name} is removed: it took ${part(was, backend)}; ${openConnectionsText(after)}`);
  const own: string[] = [];
  const followers: string[] = [];
  for (const backend of after.backends) {
    const earlier = old.get(backend.id);
    if (earlier === undefined) own.push(addedText(backend, is));
    else {
      const decisions = decisionsOf(earlier, backend);
      const moved = shareText(backend, was, is);
      if (decisions.length > 0)
        own.push(
          `${backend.name} ${decisions.join(", ")}: ${moved ?? `still takes ${part(is, backend)}`}${aftermath(after, earlier, backend)}`,
        );
      else if (moved !== null) followers.push(`${backend.name} ${moved}`);
    }
  }
  const rest = followers.length - followersMax;
  const shown =
    rest > 0 ? [...followers.slice(0, followersMax), `${rest} more backends change their share`] : followers;
  return [...own, ...removed, ...shown, ...orderSentence(before, after)];
}

/** Where the order says anything: equal backends take turns in it. */
function orderSentence(before: Farm, after: Farm): string[] {
  const inBoth = (one: Farm, other: Farm) => {
    const ids = new Set(other.backends.map(({ id }) => id));
    return one.backends.filter(({ id }) => ids.has(id)).map(({ id }) => id);
  };
  const isSame = inBoth(before, after).join() === inBoth(after, before).join();
  return isSame ? [] : [`The backends stand in another order: ${after.backends.map(({ name }) => name).join(", ")}`];
}

function addedText(backend: Backend, is: Shares): string {
  return `${backend.name} is added at ${placeOf(backend)} with weight ${backend.weight}${decided(backend)}: takes ${part(is, backend)}`;
}

/** What was decided about one backend, without its consequences. */
function decisionsOf(before: Backend, after: Backend): string[] {
  const out: string[] = [];
  if (before.name !== after.name) out.push(`is the new name of ${before.name}`);
  if (placeOf(before) !== placeOf(after)) out.push(`moves from ${placeOf(before)} to ${placeOf(after)}`);
  if (before.weight !== after.weight) out.push(`weight ${before.weight} to ${after.weight}`);
  if (before.tier !== after.tier) out.push(`tier ${before.tier} to ${after.tier}`);
  if (before.adminState !== after.adminState) out.push(stateText(after));
  if (before.maxConnections !== after.maxConnections) out.push(connectionLimitText(before, after));
  if (before.snatAddress !== after.snatAddress) out.push(`source address ${after.snatAddress ?? "the farm's"}`);
  if (JSON.stringify(before.healthCheck) !== JSON.stringify(after.healthCheck)) out.push(ownCheckText(after));
  return out;
}

function stateText(backend: Backend): string {
  if (backend.adminState === "drain") return "is drained";
  return backend.adminState === "maintenance" ? "goes into maintenance" : "is active again";
}

/** What happens to the clients it has. */
function aftermath(farm: Farm, before: Backend, after: Backend): string {
  if (farm.forwarding === "stateless") return `; ${openConnectionsText(farm)}`;
  if (before.adminState === after.adminState)
    return placeOf(before) === placeOf(after) ? "" : "; open connections stay where they are";
  if (after.adminState === "drain")
    return farm.drainSticky === "stay"
      ? "; open connections and sticky clients stay"
      : "; open connections stay, sticky clients move at their next connection";
  if (after.adminState === "maintenance")
    return "; open connections stay until they are cut, sticky clients move at their next connection";
  return "";
}

/** null when the share reads the same as before. */
function shareText(backend: Backend, was: Shares, is: Shares): string | null {
  const before = was.pct.get(backend.id) ?? 0;
  const after = is.pct.get(backend.id) ?? 0;
  if (pctText(before) === pctText(after)) return null;
  return `takes ${part(is, backend)} instead of ${before === 0 ? "none" : pctText(before)}`;
}

function part(shares: Shares, backend: Backend): string {
  const pct = shares.pct.get(backend.id) ?? 0;
  const family = shares.eff?.backends.find(({ backendId }) => backendId === backend.id)?.family;
  const kind = shares.hasBothFamilies && family !== undefined ? `new IPv${family} connections` : "new connections";
  if (pct === 0) return `no ${kind}`;
  const programmed = shares.programmedPct?.get(backend.id);
  const bySlots =
    programmed === undefined || pctText(programmed) === pctText(pct) ? "" : ` (${pctText(programmed)} by slots)`;
  return `${pctText(pct)}${bySlots} of ${kind}`;
}

/** What stands beside a weight that does not count yet. */
function decided(backend: Backend): string {
  const { maxConnections } = backend;
  const limit = maxConnections === null ? "" : `, at most ${maxConnections} connections`;
  const tier = `${backend.tier === 0 ? "" : `, tier ${backend.tier}`}${limit}`;
  if (backend.adminState === "active") return tier;
  return `${tier}, ${backend.adminState === "drain" ? "drained" : "in maintenance"}`;
}

function placeOf(backend: Backend): string {
  return backend.port === null ? backend.address : `${backend.address} port ${backend.port}`;
}

function pctText(pct: number): string {
  return `${pct.toFixed(1)} %`;
}
