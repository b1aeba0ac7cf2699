/** What follows from checks and from real traffic, as typed in the form, and its way to and from the farm document. */
import * as z from "zod/mini";
import { defaultDynamic, loadSourceSchema } from "@/server/core/farm/dynamic.ts";
import { defaultFailover, type Failover } from "@/server/core/farm/failover.ts";
import { type Outlier, outlierSchema } from "@/server/core/farm/outlier.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { numberOf } from "./sticky-draft.ts";

export type FailoverDraft = Readonly<Record<keyof Failover, string>>;
export type OutlierDraft = Readonly<Record<keyof Outlier, string>> & { readonly isOn: boolean };
export type LoadKind = "none" | "node-exporter" | "agent" | "snmp";
export type DynamicDraft = Readonly<Record<"floorPct" | "ceilingPct" | "path" | "community", string>> & {
  readonly load: LoadKind;
  /** one box for each kind of source, so that going through the kinds loses nothing */
  readonly ports: Readonly<Record<Exclude<LoadKind, "none">, string>>;
};

export const failoverDraftSchema = z.strictObject({
  slowStartS: z.string(),
  panicPct: z.string(),
  quorum: z.string(),
  flapChanges: z.string(),
});
export const outlierDraftSchema = z.strictObject({
  isOn: z.boolean(),
  failedPct: z.string(),
  opensMin: z.string(),
  windowS: z.string(),
  holdS: z.string(),
  holdMaxS: z.string(),
  ejectedPctMax: z.string(),
});
export const dynamicDraftSchema = z.strictObject({
  floorPct: z.string(),
  ceilingPct: z.string(),
  load: z.enum(["none", "node-exporter", "agent", "snmp"]),
  ports: z.strictObject({ "node-exporter": z.string(), agent: z.string(), snmp: z.string() }),
  path: z.string(),
  community: z.string(),
});

export const emptyFailover = draftOfFailover(defaultFailover);
export const emptyOutlier = draftOfOutlier(null);
export const emptyDynamic = draftOfDynamic(defaultDynamic);

export function draftOfFailover({ slowStartS, panicPct, quorum, flapChanges }: Failover): FailoverDraft {
  return {
    slowStartS: String(slowStartS),
    panicPct: String(panicPct),
    quorum: String(quorum),
    flapChanges: String(flapChanges),
  };
}

export function failoverOfDraft({ slowStartS, panicPct, quorum, flapChanges }: FailoverDraft): unknown {
  return {
    slowStartS: numberOf(slowStartS),
    panicPct: numberOf(panicPct),
    quorum: numberOf(quorum),
    flapChanges: numberOf(flapChanges),
  };
}

export function draftOfOutlier(outlier: Farm["outlier"]): OutlierDraft {
  const { failedPct, opensMin, windowS, holdS, holdMaxS, ejectedPctMax } = outlier ?? outlierSchema.parse({});
  return {
    isOn: outlier !== null,
    failedPct: String(failedPct),
    opensMin: String(opensMin),
    windowS: String(windowS),
    holdS: String(holdS),
    holdMaxS: String(holdMaxS),
    ejectedPctMax: String(ejectedPctMax),
  };
}

export function outlierOfDraft({ isOn, ...boxes }: OutlierDraft): unknown {
  if (!isOn) return null;
  return Object.fromEntries(Object.entries(boxes).map(([key, text]) => [key, numberOf(text)]));
}

export function draftOfDynamic({ floorPct, ceilingPct, load }: Farm["dynamic"]): DynamicDraft {
  const exporter = loadSourceSchema.parse({ type: "node-exporter" });
  const snmp = loadSourceSchema.parse({ type: "snmp" });
  const ports = { "node-exporter": String(exporter.port), agent: "", snmp: String(snmp.port) };
  const all = { path: "", community: "", ...exporter, ...snmp, ...load };
  return {
    floorPct: String(floorPct),
    ceilingPct: String(ceilingPct),
    load: load?.type ?? "none",
    ports: load === null ? ports : { ...ports, [load.type]: String(load.port) },
    path: all.path,
    community: all.community,
  };
}

export function dynamicOfDraft({ floorPct, ceilingPct, load, ports, path, community }: DynamicDraft): unknown {
  const bounds = { floorPct: numberOf(floorPct), ceilingPct: numberOf(ceilingPct) };
  if (load === "none") return { ...bounds, load: null };
  const port = numberOf(ports[load]);
  if (load === "node-exporter") return { ...bounds, load: { type: load, port, path: path.trim() } };
  return {
    ...bounds,
    load: load === "snmp" ? { type: load, port, community: community.trim() } : { type: load, port },
  };
}

/** What is set, in a line. */
export function failoverSummary(failover: FailoverDraft, onDown: Farm["onDown"], drainDeadlineS: string): string {
  const { slowStartS, panicPct, quorum, flapChanges } = failover;
  const parts = [
    `Open connections are ${onDown === "cut" ? "cut" : "kept"}`,
    ...(slowStartS === "0" ? [] : [`slow start ${slowStartS} s`]),
    ...(panicPct === emptyFailover.panicPct ? [] : [`panic above ${panicPct} %`]),
    ...(quorum === emptyFailover.quorum ? [] : [`quorum ${quorum}`]),
    ...(flapChanges === emptyFailover.flapChanges
      ? []
      : [flapChanges === "0" ? "flaps are not held" : `flaps ${flapChanges}`]),
    ...(drainDeadlineS.trim() === "" ? [] : [`drains end after ${drainDeadlineS.trim()} s`]),
  ];
  return parts.join(", ");
}

export function outlierSummary({ isOn, failedPct, windowS, holdS }: OutlierDraft): string {
  if (!isOn) return "Off: real traffic takes nobody out";
  return `${failedPct} % of opens failed in ${windowS} s: out for ${holdS} s`;
}

export function dynamicSummary(draft: DynamicDraft, readsLoad: boolean): string {
  const bounds = `${draft.floorPct} to ${draft.ceilingPct} % of each weight`;
  if (!readsLoad) return bounds;
  return draft.load === "none"
    ? "No source: weights stay fixed"
    : `${bounds}, load from ${draft.load} port ${draft.ports[draft.load]}`;
}
