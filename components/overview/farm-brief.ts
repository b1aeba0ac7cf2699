/** What lists need of a farm: small, so that thousands fit in a page. Pure. */
import type { FarmView } from "@/server/core/change/views.ts";
import type { Posts } from "@/server/core/farm/posts.ts";
import type { AdminState, Farm } from "@/server/core/farm/types.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";

export type FarmBrief = Pick<
  Farm,
  "id" | "name" | "enabled" | "addresses" | "ports" | "protocol" | "scheduler" | "tags"
> & {
  readonly version: number;
  readonly backends: readonly { readonly name: string; readonly adminState: AdminState; readonly weight: number }[];
};

export function briefOf({ farm, version }: FarmView): FarmBrief {
  const { id, name, enabled, addresses, ports, protocol, scheduler, tags } = farm;
  const backends = farm.backends.map(({ name: own, adminState, weight }) => ({ name: own, adminState, weight }));
  return { id, name, enabled, addresses, ports, protocol, scheduler, tags, version, backends };
}

export type Gate =
  | "up"
  | "degraded"
  | "unknown"
  | "down"
  | "waiting"
  | "aside"
  | "draining"
  | "maintenance"
  | "zero-weight";

type GateRow = Pick<FarmRow, "serving" | keyof Posts> & { readonly word: string };

/**
 * One gate per backend, serving ones first. The row says how many there are of each kind, not which: who should serve and is in none of
 * them fails. Without a row, or when it is old, nothing is known of the ones that should serve.
 */
export function gatesOf(farm: Pick<FarmBrief, "backends">, row: GateRow | null): Gate[] {
  const count = (test: (backend: FarmBrief["backends"][number]) => boolean) => farm.backends.filter(test).length;
  const draining = count((backend) => backend.adminState === "drain");
  const maintenance = count((backend) => backend.adminState === "maintenance");
  const zero = count((backend) => backend.adminState === "active" && backend.weight === 0);
  const isKnown = row !== null && row.word !== "unknown" && row.word !== "stopped";
  let wanted = farm.backends.length - draining - maintenance - zero;
  const { serving, unsure = 0, shaky = 0, waiting = 0, aside = 0 } = isKnown ? row : { serving: 0 };
  const measured: readonly (readonly [Gate, number])[] = [
    ["up", serving - unsure - shaky],
    ["degraded", shaky],
    ["unknown", unsure],
    ["waiting", waiting],
    ["aside", aside],
  ];
  const gates = measured.flatMap(([gate, times]) => {
    // page and row may be of two moments: never more gates than backends
    const shown = Math.min(wanted, times);
    wanted -= shown;
    return fill(gate, shown);
  });
  return [
    ...gates,
    ...fill(isKnown ? "down" : "unknown", wanted),
    ...fill("draining", draining),
    ...fill("maintenance", maintenance),
    ...fill("zero-weight", zero),
  ];
}

function fill(gate: Gate, times: number): Gate[] {
  return Array.from({ length: times }, () => gate);
}
