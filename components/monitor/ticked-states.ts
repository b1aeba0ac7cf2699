/** What drain, resume or maintenance of the ticked backends will change: one change a farm, on the farm as it is now. Pure. */
import type { Operation } from "@/server/core/change/operation.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { AdminState, Farm } from "@/server/core/farm/types.ts";
import type { MonitorFarm } from "./monitor-brief.ts";

type StateOperation = Extract<Operation, { type: "set-admin-state" }>;

/** Ticked backends of one farm. */
export type TickedFarm = { readonly id: string; readonly name: string; readonly backendIds: readonly string[] };

export type StatesStep = { readonly farm: Farm; readonly version: number; readonly operation: StateOperation };

export type StatesPlan = {
  readonly state: AdminState;
  readonly steps: readonly StatesStep[];
  /** who is not changed, and why, in words */
  readonly leftOut: readonly string[];
  /** farms of which nobody serves afterwards (or nobody of one family) */
  readonly emptied: readonly Farm[];
};

export function tickedFarms(farms: readonly MonitorFarm[], ticked: ReadonlySet<string>): TickedFarm[] {
  return farms.flatMap(({ id, name, backends }) => {
    const backendIds = backends.filter((backend) => ticked.has(backend.id)).map((backend) => backend.id);
    return backendIds.length === 0 ? [] : [{ id, name, backendIds }];
  });
}

/** `views`: farms as they are now; one that is missing is gone. `serves`: whether a backend takes new connections now. */
export function planStates(
  state: AdminState,
  ticked: readonly TickedFarm[],
  views: ReadonlyMap<string, FarmView>,
  serves: (backendId: string) => boolean,
): StatesPlan {
  const steps: StatesStep[] = [];
  const leftOut: string[] = [];
  for (const { id, name, backendIds } of ticked) {
    const view = views.get(id);
    if (view === undefined) {
      leftOut.push(`${name} is gone`);
      continue;
    }
    const { farm, version } = view;
    const wanted = farm.backends.filter((backend) => backendIds.includes(backend.id));
    const changed = wanted.filter(({ adminState }) => adminState !== state);
    const gone = backendIds.length - wanted.length;
    if (gone > 0) leftOut.push(`${gone} of ${name} ${gone === 1 ? "is" : "are"} gone`);
    for (const backend of wanted)
      if (backend.adminState === state) leftOut.push(`${backend.name} of ${name} ${alreadyWords[state]}`);
    const states = Object.fromEntries(changed.map((backend) => [backend.id, state]));
    if (changed.length > 0)
      steps.push({ farm, version, operation: { type: "set-admin-state", base: version, farmId: id, states } });
  }
  const emptied = state === "active" ? [] : steps.filter((step) => isEmptied(step, serves)).map(({ farm }) => farm);
  return { state, steps, leftOut, emptied };
}

const alreadyWords: Readonly<Record<AdminState, string>> = {
  active: "is in service already",
  drain: "drains already",
  maintenance: "is in maintenance already",
};

/** An address family is served by its own backends only. */
function isEmptied({ farm, operation }: StatesStep, serves: (backendId: string) => boolean): boolean {
  return [true, false].some((isV6) => {
    const serving = farm.backends.filter(({ id, address }) => address.includes(":") === isV6 && serves(id));
    return serving.length > 0 && serving.every(({ id }) => operation.states[id] !== undefined);
  });
}

const verbs: Readonly<Record<AdminState, string>> = { active: "Resume", drain: "Drain", maintenance: "Take out" };

/** "Drain 3 backends of 2 farms" */
export function planTitle({ state, steps }: StatesPlan): string {
  const backends = steps.reduce((sum, { operation }) => sum + Object.keys(operation.states).length, 0);
  const where = steps.length === 1 ? (steps[0]?.farm.name ?? "") : `${steps.length} farms`;
  return `${verbs[state]} ${backends} ${backends === 1 ? "backend" : "backends"} of ${where}`;
}

/** What must be typed first where nobody serves afterwards; null = nothing. */
export function planConfirm({ emptied }: StatesPlan): { readonly name: string; readonly reason: string } | null {
  const [first, ...rest] = emptied;
  if (first === undefined) return null;
  const rejected = first.onAllDown === "reject" ? "rejected" : "dropped";
  if (rest.length === 0)
    return {
      name: first.name,
      reason: `Nobody of ${first.name} serves afterwards: new connections to ${first.addresses.join(", ")} are ${rejected}.`,
    };
  const names = emptied.map(({ name }) => name).join(", ");
  return {
    name: `${emptied.length} farms`,
    reason: `Nobody serves afterwards in ${names}: their new connections are turned away.`,
  };
}
