/** The one word for a farm's state, the first that fits, and its reason as a sentence. */
import { conditionOf, type FarmConditions, isWithdrawn } from "../health/condition.ts";
import type { EffectiveFarm } from "./effective.ts";
import type { Backend, Family, Farm, FarmWord } from "./types.ts";

export type FarmWordAnswer = {
  readonly word: FarmWord;
  /** backends that take new connections */
  readonly serving: number;
  readonly total: number;
  /** the worst reason; null when all is well */
  readonly reason: string | null;
};

export function farmWord(
  farm: Farm,
  eff: EffectiveFarm,
  conditions: FarmConditions,
  agentLost: boolean,
): FarmWordAnswer {
  const servingIds = new Set(eff.backends.filter((backend) => backend.weight > 0).map((backend) => backend.backendId));
  const serving = servingIds.size;
  const total = farm.backends.length;
  const say = (word: FarmWord, reason: string | null): FarmWordAnswer => ({ word, serving, total, reason });

  if (!farm.enabled) return { ...say("stopped", "Stopped: new connections are not answered"), serving: 0 };
  if (agentLost) return say("unknown", "The balancer does not answer: its last known state may be old");
  if (farm.backends.every((backend) => isOutByDecision(backend, conditions)))
    return say("maintenance", "All backends are out by decision");
  if (serving === 0) return say("down", downReason(farm, conditions));
  const critical = criticalReason(farm, eff, servingIds, conditions);
  if (critical !== null) return say("critical", critical);
  const idle = expected(farm, eff).filter((backend) => !servingIds.has(backend.id));
  if (idle.length > 0) return say("problem", idleReason(idle, conditions));
  const inTrouble = farm.backends.filter(
    (backend) => servingIds.has(backend.id) && conditionOf(conditions, backend.id).health === "degraded",
  );
  if (inTrouble.length > 0) return say("problem", `${names(inTrouble)} ${isAre(inTrouble)} degraded`);
  if (farm.backends.some((backend) => servingIds.has(backend.id) && !isKnown(backend, conditions)))
    return say("not-checked", null);
  return say("up", null);
}

/** Those who could serve alone are too few by the farm's own quorum. */
function downReason({ backends, failover }: Farm, conditions: FarmConditions): string {
  const able = backends.filter(
    (backend) => !isOutByDecision(backend, conditions) && !isWithdrawn(conditionOf(conditions, backend.id)),
  ).length;
  if (able === 0 || failover.quorum === 1) return "No backend takes new connections";
  return `No backend takes new connections: ${able} can, and the farm asks for ${failover.quorum}`;
}

function criticalReason(
  farm: Farm,
  eff: EffectiveFarm,
  servingIds: ReadonlySet<string>,
  conditions: FarmConditions,
): string | null {
  const dark = darkFamily(eff);
  if (dark !== null) return `No IPv${dark} backend takes new connections`;
  const lowest = Math.min(...farm.backends.map((backend) => backend.tier));
  if (eff.tier !== null && eff.tier > lowest) return `Only tier ${eff.tier} serves`;
  const idle = expected(farm, eff).filter((backend) => !servingIds.has(backend.id));
  if (servingIds.size !== 1 || idle.length === 0) return null;
  return `Only one backend takes new connections: ${idleReason(idle, conditions)}`;
}

/** A family whose backends all take nothing while the other family serves. */
function darkFamily(eff: EffectiveFarm): Family | null {
  for (const family of [4, 6] as const) {
    const own = eff.backends.filter((backend) => backend.family === family);
    if (own.length > 0 && own.every((backend) => backend.weight === 0)) return family;
  }
  return null;
}

/** Backends that should serve now: those of a higher tier than the serving one stand by. */
function expected(farm: Farm, eff: EffectiveFarm): Backend[] {
  return farm.backends.filter((backend) => eff.tier === null || backend.tier <= eff.tier);
}

function isOutByDecision({ id, adminState, weight }: Backend, conditions: FarmConditions): boolean {
  return adminState !== "active" || weight === 0 || conditionOf(conditions, id).out === "window";
}

function isKnown(backend: Backend, conditions: FarmConditions): boolean {
  return conditionOf(conditions, backend.id).health !== "unknown";
}

function idleReason(idle: readonly Backend[], conditions: FarmConditions): string {
  const down = idle.filter((backend) => conditionOf(conditions, backend.id).health === "down");
  if (down.length > 0) return `${names(down)} ${isAre(down)} down`;
  const [first] = idle;
  if (idle.length > 1 || first === undefined) return `${names(idle)} take no new connections`;
  if (first.adminState === "drain") return `${first.name} is draining`;
  if (first.adminState === "maintenance") return `${first.name} is in maintenance`;
  return `${first.name} ${outWords(first, conditions)}`;
}

function outWords({ id, weight }: Backend, conditions: FarmConditions): string {
  const { out, factor } = conditionOf(conditions, id);
  if (out === "ejected") return "is ejected: real connections to it failed";
  if (out === "window") return "is in a maintenance window";
  return weight > 0 && factor === 0 ? "asks to be drained" : "has weight 0";
}

function names(backends: readonly Backend[]): string {
  const shown = backends.slice(0, 3).map((backend) => backend.name);
  const more = backends.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function isAre(backends: readonly Backend[]): string {
  return backends.length === 1 ? "is" : "are";
}
