/** What lists need of a farm: small, so that thousands fit in a page. Pure. */
import type { FarmView } from "@/server/core/change/views.ts";
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

export type Gate = "up" | "unknown" | "down" | "waiting" | "draining" | "maintenance" | "zero-weight";

/**
 * One gate per backend, serving ones first. The row says how many serve and how many wait for a lower tier, not which: the rest of
 * those that should serve are down. Without a row, or when it is old, nothing is known of the ones that should serve.
 */
export function gatesOf(
  farm: Pick<FarmBrief, "backends">,
  row: (Pick<FarmRow, "serving" | "waiting"> & { readonly word: string }) | null,
): Gate[] {
  const count = (test: (backend: FarmBrief["backends"][number]) => boolean) => farm.backends.filter(test).length;
  const draining = count((backend) => backend.adminState === "drain");
  const maintenance = count((backend) => backend.adminState === "maintenance");
  const zero = count((backend) => backend.adminState === "active" && backend.weight === 0);
  const wanted = farm.backends.length - draining - maintenance - zero;
  const isKnown = row !== null && row.word !== "unknown" && row.word !== "stopped";
  const serving = isKnown ? Math.min(wanted, row.serving) : wanted;
  const waiting = isKnown ? Math.min(wanted - serving, row.waiting ?? 0) : 0;
  const fill = (gate: Gate, times: number): Gate[] => Array.from({ length: times }, () => gate);
  return [
    ...fill(isKnown && row.word !== "not-checked" ? "up" : "unknown", serving),
    ...fill("waiting", waiting),
    ...fill("down", wanted - serving - waiting),
    ...fill("draining", draining),
    ...fill("maintenance", maintenance),
    ...fill("zero-weight", zero),
  ];
}
