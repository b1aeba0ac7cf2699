/**
 * The preflight's rounds: at start, a moment after somebody else wrote rules, and now and then. What was read is kept; what follows
 * from it is worked out anew when the farms or the host's settings change. A new problem is an event, and so is its end.
 */
import type { Farm } from "../core/farm/types.ts";
import type { Events } from "./events.ts";
import type { ForeignRules } from "./foreign-rules.ts";
import { type Finding, findings } from "./preflight.ts";
import type { HostFacts } from "./vips.ts";

export type Preflight = {
  /** asked each second; reads when it is time to */
  tick(): Promise<void>;
  /** somebody else wrote rules */
  foreignWrite(): void;
  findings(): readonly Finding[];
  /** sentences about the rules of others that concern this farm */
  foreignTrouble(farmId: string): readonly string[];
};

export type PreflightDeps = {
  readonly read: () => Promise<ForeignRules | null>;
  readonly facts: () => HostFacts;
  /** the same reference as long as nothing changed */
  readonly farms: () => ReadonlyMap<string, { readonly farm: Farm }>;
  readonly events: Events;
  /** foreignWrite() is called when somebody wrote */
  readonly hears: boolean;
  readonly versions: { readonly kernel: string; readonly nft: string };
  readonly now: () => number;
};

/** somebody who writes is heard at once, so this is for what nobody hears */
const everyMs = 180_000;
/** without netlink nobody is heard; reading may cost a twentieth of the time */
const deafEveryMs = 10_000;
const paceFactor = 20;
const quietMs = 1000;
const pauseMs = 5000;
const unreadAgainMs = 15_000;

export function createPreflight(deps: PreflightDeps): Preflight {
  let foreign: ForeignRules | null = null;
  let dueMs = 0;
  let readMs = Number.NEGATIVE_INFINITY;
  let found: readonly Finding[] = [];
  let byFarm = new Map<string, string[]>();
  let basis: readonly unknown[] = [];

  function workOut(): void {
    const facts = deps.facts();
    const { forward4, forward6, rpFilter, conntrackMax, strictInterfaces, interfaceCount } = facts;
    const names = strictInterfaces.join(" ");
    const next = [foreign, deps.farms(), forward4, forward6, rpFilter, conntrackMax, interfaceCount, names];
    if (next.every((value, at) => value === basis[at])) return;
    basis = next;
    const before = found;
    const farms = Array.from(deps.farms().values(), ({ farm }) => farm);
    found = findings({ foreign, facts, farms, ...deps.versions });
    byFarm = troubleByFarm(found);
    tellChanges(before, found, deps.events);
  }

  return {
    async tick() {
      const now = deps.now();
      if (now >= dueMs) {
        dueMs = now + everyMs;
        readMs = now;
        const read = await deps.read();
        foreign = read ?? foreign;
        const againMs =
          againAfter(read) ?? Math.max(deps.hears ? everyMs : deafEveryMs, (deps.now() - now) * paceFactor);
        dueMs = Math.min(dueMs, deps.now() + againMs);
      }
      workOut();
    },
    foreignWrite() {
      const earliest = Math.max(deps.now() + quietMs, readMs + pauseMs);
      if (dueMs > earliest) dueMs = earliest;
    },
    findings: () => found,
    foreignTrouble: (farmId) => byFarm.get(farmId) ?? [],
  };
}

/** A machine too busy to answer must not hide for minutes what is in the way. null: all was read. */
function againAfter(read: ForeignRules | null): number | null {
  if (read === null) return pauseMs;
  return read.unread.length > 0 ? unreadAgainMs : null;
}

/** Forwarding has its own words on a farm's page; what else concerns single farms stands in the rules of others. */
function troubleByFarm(found: readonly Finding[]): Map<string, string[]> {
  const byFarm = new Map<string, string[]>();
  for (const { id, text, command, farmIds } of found) {
    if (id === "forward 4" || id === "forward 6") continue;
    const sentence = command === null ? text : `${text}: ${command}`;
    for (const farmId of farmIds ?? []) byFarm.set(farmId, [...(byFarm.get(farmId) ?? []), sentence]);
  }
  return byFarm;
}

function tellChanges(before: readonly Finding[], after: readonly Finding[], events: Events): void {
  const known = new Set(before.map(({ id }) => id));
  const still = new Set(after.map(({ id }) => id));
  for (const { id, level, text } of after)
    if (level === "problem" && !known.has(id)) events.add({ kind: "agent", text: `Found on this host: ${text}` });
  for (const { id, level, text } of before)
    if (level === "problem" && !still.has(id)) events.add({ kind: "agent", text: `No longer on this host: ${text}` });
}
