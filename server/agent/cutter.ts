/**
 * Ends the open connections of a backend. TCP in three steps: reset towards the client (original direction), half a second later
 * towards the backend (reply direction too), half a second later the tracked entries are forgotten. Both ends get a reset; forgetting
 * alone leaves a downloading client hanging. UDP: the entries are forgotten at once. The slots have moved before this begins.
 * What is told are the open connections of the moment before: the forgotten entries hold many that ended by themselves long ago.
 */
import { withCut } from "../core/ruleset/ruleset.ts";
import type { Applier } from "./applier.ts";
import type { Conntrack } from "./conntrack.ts";
import type { Events } from "./events.ts";
import type { CutOrder, State } from "./plan.ts";

export type CutterDeps = {
  readonly own: Applier["own"];
  readonly conntrack: Pick<Conntrack, "activeOf" | "deleteByMark">;
  readonly events: Events;
  readonly sleep: (ms: number) => Promise<void>;
  /** connections were ended: what was read of them before is no longer true */
  readonly onCut: () => void;
};

export type Cutter = {
  /** `why`: told before what was cut, when nobody asked for it just now */
  cut(order: CutOrder, why?: string): Promise<void>;
};

const stepMs = 500;

export function createCutter(deps: CutterDeps): Cutter {
  /** ids whose cut is under way: a second cut of the same backend joins the first */
  const underWay = new Set<number>();

  async function cutTcp(markId: number): Promise<number | null> {
    try {
      await deps.own(addTo("orig", markId));
      await deps.sleep(stepMs);
      await deps.own(addTo("reply", markId));
      await deps.sleep(stepMs);
      return await deps.conntrack.deleteByMark(markId);
    } finally {
      await deps.own(takeOut(markId));
    }
  }

  return {
    async cut({ farmId, backendId, name, markId, protocol }, why) {
      if (underWay.has(markId)) return;
      underWay.add(markId);
      try {
        const open = await deps.conntrack.activeOf(markId);
        const forgotten = protocol === "udp" ? await deps.conntrack.deleteByMark(markId) : await cutTcp(markId);
        const what = `${name} was cut: ${forgotten === null ? "its connections could not be forgotten" : endedText(open)}`;
        const text = why === undefined ? what : `${why}: ${what}`;
        deps.events.add({ kind: "change", text, farmId, backendId });
        deps.onCut();
      } finally {
        underWay.delete(markId);
      }
    },
  };
}

function endedText(open: number | null): string {
  if (open === null) return "its open connections ended; they could not be counted";
  if (open === 0) return "it had no open connection";
  return `${open} open connection${open === 1 ? "" : "s"} ended`;
}

function addTo(direction: "orig" | "reply", markId: number) {
  return (state: State) => {
    const { cut } = state.ruleset;
    const next = { ...cut, [direction]: new Set([...cut[direction], markId]) };
    return { state: { ...state, ruleset: withCut(state.ruleset, next) } };
  };
}

function takeOut(markId: number) {
  return (state: State) => {
    const without = (ids: ReadonlySet<number>) => new Set([...ids].filter((id) => id !== markId));
    const { orig, reply } = state.ruleset.cut;
    return { state: { ...state, ruleset: withCut(state.ruleset, { orig: without(orig), reply: without(reply) }) } };
  };
}
