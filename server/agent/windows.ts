/**
 * Maintenance windows: each second, who is out by the balancer's clock. What was said of a backend is in the book of conditions and on
 * disk with it, so a restart in the middle of a window tells nothing twice, and one that slept through its end tells the end.
 */
import type { Farm } from "../core/farm/types.ts";
import { type OpenWindow, openWindows } from "../core/farm/window-times.ts";
import type { BackendLive } from "../core/metrics/live.ts";
import type { ConditionBook } from "./conditions.ts";
import type { Events } from "./events.ts";
import type { State } from "./plan.ts";

export type Windows = {
  /** writes into the book; answers how to tell people of all that was written, once the kernel has it. Not called, it waits */
  round(state: State): () => void;
  /** why a backend is out, as live rows say it; undefined = no window is open */
  outOf(backendId: string): BackendLive["out"] | undefined;
};

export type WindowsDeps = {
  readonly conditions: Pick<ConditionBook, "set" | "said">;
  readonly events: Pick<Events, "add">;
  readonly now: () => number;
};

type Backend = Farm["backends"][number];
/** What is to be told of a backend: `isBack` or out, and in which words. */
type Telling = { readonly farm: Farm; readonly backend: Backend; readonly isBack: boolean; readonly text: string };

export function createWindows(deps: WindowsDeps): Windows {
  let open: ReadonlyMap<string, OpenWindow> = new Map();
  /** farms that were looked into: the last window of a farm may be gone from its document */
  let watched: ReadonlySet<string> | null = null;

  /** by backend id: written, and not told yet */
  let untold = new Map<string, Telling>();

  function roundOfFarm(farm: Farm, isOpen: ReadonlyMap<string, OpenWindow>): void {
    for (const backend of farm.backends) {
      const wasOut = deps.conditions.said("windows", farm.id, backend.id)?.out === "window";
      const isOut = isOpen.has(backend.id);
      if (wasOut === isOut) continue;
      deps.conditions.set("windows", farm.id, backend.id, isOut ? { out: "window" } : null);
      // what the kernel never had needs no end
      if (untold.delete(backend.id)) continue;
      const text = isOut ? beginText(isOpen.get(backend.id)) : "is back from its maintenance window";
      untold.set(backend.id, { farm, backend, isBack: !isOut, text });
    }
  }

  function tellAll(): void {
    const tellings = [...untold.values()];
    untold = new Map();
    const farms = new Set(tellings.map(({ farm }) => farm));
    for (const farm of farms)
      for (const isBack of [false, true]) tell(tellings.filter((each) => each.farm === farm && each.isBack === isBack));
  }

  /** Of one farm: backends of which the same is said share one event. */
  function tell(tellings: readonly Telling[]): void {
    for (const said of new Set(tellings.map(({ text }) => text))) {
      const some = tellings.filter(({ text }) => text === said);
      const [first] = some;
      if (first === undefined) continue;
      const { farm, backend, isBack } = first;
      const isOne = some.length === 1;
      deps.events.add({
        kind: isBack ? "change" : "drain",
        text: `${isOne ? backend.name : `${some.length} backends`} of ${farm.name} ${isOne ? said : said.replace(/^is /, "are ")}`,
        farmId: farm.id,
        backendId: isOne ? backend.id : null,
      });
    }
  }

  return {
    round(state) {
      const nowMs = deps.now();
      const all = new Map<string, OpenWindow>();
      const watching = new Set<string>();
      for (const [farmId, { farm }] of state.desired.farms) {
        const hasWindows = farm.maintenanceWindows.length > 0;
        if (hasWindows) watching.add(farmId);
        // the first round looks into all: a window may have been open when the last life ended
        if (!hasWindows && watched !== null && !watched.has(farmId)) continue;
        const isOpen = openWindows(farm, nowMs);
        for (const [id, window] of isOpen) all.set(id, window);
        roundOfFarm(farm, isOpen);
      }
      open = all;
      watched = watching;
      return tellAll;
    },
    outOf(backendId) {
      const window = open.get(backendId);
      if (window === undefined) return undefined;
      return { why: "window", untilMs: window.untilMs, text: window.note };
    },
  };
}

function beginText(window: OpenWindow | undefined): string {
  if (window === undefined) return "is in maintenance";
  const until = `${new Date(window.untilMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return `is in maintenance until ${until}${window.note === "" ? "" : `: ${window.note}`}`;
}
