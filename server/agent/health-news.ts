/**
 * What follows from a backend's going up or down, beside the rules: an event in words, UDP flows to it forgotten, its TCP connections
 * kept or cut as the farm says, and clients that wait for it or were refused by it free to go elsewhere at their next try. Told when the rules have it, so that nothing is scheduled to it any more.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import type { Farm, Health } from "../core/farm/types.ts";
import { durationWords } from "../core/health/duration.ts";
import { checkReason, failedWords, type Tracker } from "./check-tracker.ts";
import type { Conntrack } from "./conntrack.ts";
import type { Cutter } from "./cutter.ts";
import type { Events } from "./events.ts";
import { createLane } from "./lane.ts";
import type { State } from "./plan.ts";

type Was = { readonly health: Health; readonly since: number | null };

export type HealthNews = {
  /** said before the rules are changed */
  changed(tracker: Tracker, before: Was, now: Health): void;
  /** it was down, and its checks say nothing any more: `isMoved` because it has another address or port, else it has none */
  forgotten(of: Pick<Tracker, "farmId" | "backendId" | "name">, isMoved: boolean): void;
  /** tells what was said until now (of these farms alone) as soon as the rules have it; where they did not take it, it waits for the next call */
  settled(hasRules: Promise<boolean>, farmIds?: ReadonlySet<string>): void;
  /** null = over */
  panic(farmId: string, text: string | null): void;
  /** somebody cannot be checked from here; null = over */
  blind(farmId: string, text: string | null): void;
  /** a farm in a panic has no checks any more, or is gone: nobody says now whether they were right */
  unchecked(farmId: string): void;
};

export type HealthNewsDeps = {
  readonly events: Pick<Events, "add">;
  readonly conntrack: Pick<Conntrack, "deleteFlows" | "deleteUnserved">;
  readonly cutter: Cutter;
  readonly state: () => State;
  /** open connections of a backend when they were last counted; null = not known */
  readonly active: (markId: number) => number | null;
  readonly now: () => number;
};

/** each is a process that reads the whole table of connections: of a rack that goes down not all at once */
const followMax = 8;
const cutMax = 16;

type Down = { readonly tracker: Tracker; readonly why: string };

export function createHealthNews(deps: HealthNewsDeps): HealthNews {
  let downs: Down[] = [];
  const onError = (error: unknown) =>
    deps.events.add({ kind: "agent", text: `What follows a backend's going down was not done: ${String(error)}` });
  const follows = createLane(followMax, onError);
  const cuts = createLane(cutMax, onError);
  const panicking = new Set<string>();

  async function followDown({ tracker, why }: Down): Promise<void> {
    const { farmId, backendId, name, markId } = tracker;
    const farm = deps.state().desired.farms.get(farmId)?.farm;
    const ended = (await endFlows(deps, farm, markId)) + keptWords(deps, farm, markId);
    deps.events.add({ kind: "down", farmId, backendId, text: `${name} is down: ${why}${ended}` });
    const backend = farm?.backends.find(({ id }) => id === backendId);
    if (farm !== undefined && farm.protocol !== "udp") await deps.conntrack.deleteUnserved(markId);
    const isStill =
      backend !== undefined && deps.state().allocation.farms.get(farmId)?.ids.get(memberKey(backend)) === markId;
    if (farm !== undefined && isStill && farm.onDown === "cut" && farm.protocol !== "udp")
      cuts(() => deps.cutter.cut({ farmId, backendId, name, markId, protocol: "tcp" }, `${name} went down`));
  }

  return {
    changed(tracker, { health: before, since }, now) {
      const { farmId, backendId, name } = tracker;
      if (now === "down") {
        downs.push({ tracker, why: whyDown(tracker, deps.now()) });
        return;
      }
      if (before === "down") {
        const after = since === null ? "" : ` after ${durationWords(deps.now() - since)} down`;
        const text =
          now === "unknown" ? `${name} was down and is not asked any more: it serves` : `${name} is up${after}`;
        deps.events.add({ kind: "up", farmId, backendId, text });
      } else if (now === "degraded") {
        const why = checkReason(tracker, deps.now());
        deps.events.add({
          kind: "health",
          farmId,
          backendId,
          text: `${name} is degraded${why === null ? "" : `: ${why}`}`,
        });
      } else if (before === "degraded" && now === "up")
        deps.events.add({ kind: "health", farmId, backendId, text: `${name} is well again` });
    },
    forgotten({ farmId, backendId, name }, isMoved) {
      const text = isMoved ? "nothing is known yet of its new address or port" : "it is not checked any more";
      deps.events.add({ kind: "up", farmId, backendId, text: `${name} was down; ${text}` });
    },
    settled(hasRules, farmIds) {
      const isOf = ({ tracker }: Down) => farmIds === undefined || farmIds.has(tracker.farmId);
      const said = downs.filter(isOf);
      downs = downs.filter((down) => !isOf(down));
      if (said.length === 0) return;
      void hasRules.then((isDone) => {
        if (isDone) for (const down of said) follows(() => followDown(down));
        else downs = [...said, ...downs];
      });
    },
    panic(farmId, text) {
      if (text !== null && !panicking.has(farmId)) deps.events.add({ kind: "health", farmId, text });
      if (text === null && panicking.has(farmId))
        deps.events.add({ kind: "health", farmId, text: "The checks are believed again" });
      if (text === null) panicking.delete(farmId);
      else panicking.add(farmId);
    },
    blind(farmId, text) {
      deps.events.add({ kind: "health", farmId, text: text ?? "All its backends can be checked again" });
    },
    unchecked(farmId) {
      const hasFarm = deps.state().desired.farms.has(farmId);
      if (panicking.delete(farmId) && hasFarm)
        deps.events.add({ kind: "health", farmId, text: "The checks that were not believed are not made any more" });
    },
  };
}

/** Checks that were not believed may be believed just when it answers again: then that is what was seen of it. */
function whyDown(tracker: Tracker, nowMs: number): string {
  const again = tracker.state.goodInRow > 0 ? checkReason(tracker, nowMs) : null;
  return again ?? failedWords(tracker);
}

/** Of a farm that keeps them; one that cuts them tells how many ended. */
function keptWords({ active }: HealthNewsDeps, farm: Farm | undefined, markId: number): string {
  const open = farm === undefined || farm.onDown === "cut" || farm.protocol === "udp" ? 0 : (active(markId) ?? 0);
  if (open === 0) return "";
  return `; ${open} open connection${open === 1 ? " stays" : "s stay"}`;
}

/** What has no connection would go on to whoever is gone. In words, as the end of a sentence. */
async function endFlows({ conntrack }: HealthNewsDeps, farm: Farm | undefined, markId: number): Promise<string> {
  if (farm === undefined || (farm.protocol !== "udp" && farm.protocol !== "all")) return "";
  const count = await conntrack.deleteFlows(markId, farm.protocol);
  if (count === 0) return "";
  if (count === null) return "; its UDP flows could not be forgotten";
  return `; ${count} UDP flow${count === 1 ? "" : "s"} to it forgotten`;
}
