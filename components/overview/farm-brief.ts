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
  const gates: Gate[] = [];
  // page and row may be of two moments: never more gates than backends
  const fill = (gate: Gate, times: number) => {
    const taken = Math.min(wanted, times);
    wanted -= taken;
    for (let at = 0; at < taken; at++) gates.push(gate);
  };
  if (isKnown) {
    const { serving, unsure = 0, shaky = 0, waiting = 0, aside = 0 } = row;
    fill("up", serving - unsure - shaky);
    fill("degraded", shaky);
    fill("unknown", unsure);
    fill("waiting", waiting);
    fill("aside", aside);
  }
  fill(isKnown ? "down" : "unknown", wanted);
  wanted = draining + maintenance + zero;
  fill("draining", draining);
  fill("maintenance", maintenance);
  fill("zero-weight", zero);
  return gates;
}
