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
  /** writes into the book; answers how to tell people, once the caller has settled it: what is told is so */
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

export function createWindows(deps: WindowsDeps): Windows {
  let open: ReadonlyMap<string, OpenWindow> = new Map();
  /** farms that were looked into: the last window of a farm may be gone from its document */
  let watched: ReadonlySet<string> | null = null;

  function roundOfFarm(farm: Farm, isOpen: ReadonlyMap<string, OpenWindow>): () => void {
    const begun: Backend[] = [];
    const ended: Backend[] = [];
    for (const backend of farm.backends) {
      const wasOut = deps.conditions.said("windows", farm.id, backend.id)?.out === "window";
      const isOut = isOpen.has(backend.id);
      if (wasOut === isOut) continue;
      deps.conditions.set("windows", farm.id, backend.id, isOut ? { out: "window" } : null);
      (isOut ? begun : ended).push(backend);
    }
    return () => {
      tell(farm, begun, (one) => beginText(isOpen.get(one.id)));
      tell(farm, ended, () => "is back from its maintenance window");
    };
  }

  /** Backends of which the same is said share one event. */
  function tell(farm: Farm, backends: readonly Backend[], textOf: (backend: Backend) => string): void {
    for (const text of new Set(backends.map(textOf))) {
      const some = backends.filter((backend) => textOf(backend) === text);
      const [first] = some;
      const isOne = some.length === 1 && first !== undefined;
      deps.events.add({
        kind: text.startsWith("is back") ? "change" : "drain",
        text: `${isOne ? first.name : `${some.length} backends`} of ${farm.name} ${isOne ? text : text.replace(/^is /, "are ")}`,
        farmId: farm.id,
        backendId: isOne ? first.id : null,
      });
    }
  }

  return {
    round(state) {
      const nowMs = deps.now();
      const all = new Map<string, OpenWindow>();
      const watching = new Set<string>();
      const tellings: (() => void)[] = [];
      for (const [farmId, { farm }] of state.desired.farms) {
        const hasWindows = farm.maintenanceWindows.length > 0;
        if (hasWindows) watching.add(farmId);
        // the first round looks into all: a window may have been open when the last life ended
        if (!hasWindows && watched !== null && !watched.has(farmId)) continue;
        const isOpen = openWindows(farm, nowMs);
        for (const [id, window] of isOpen) all.set(id, window);
        tellings.push(roundOfFarm(farm, isOpen));
      }
      open = all;
      watched = watching;
      return () => {
        for (const telling of tellings) telling();
      };
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
