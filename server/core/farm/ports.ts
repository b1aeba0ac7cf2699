/** Port lists: parsing of 80 and "8000-8010", sorting and merging, so that a farm's ranges never overlap or touch. */
import * as z from "zod/mini";
import { limits } from "./limits.ts";
import type { PortRange } from "./types.ts";

type Entry = number | string;

/** Document form in, canonical document form out: sorted, merged, a range of one is a number. [] = every port. */
export const portEntriesSchema = z.pipe(
  z
    .array(z.union([z.number(), z.string()], "A port is a number or a range like 8000-8010"), "Ports are a list")
    .check(z.maxLength(limits.portEntriesPerFarmMax, `At most ${limits.portEntriesPerFarmMax} port entries`)),
  z.transform((entries: Entry[], context): Entry[] => {
    const ranges: PortRange[] = [];
    for (const [index, entry] of entries.entries()) {
      const parsed = parsePortEntry(entry);
      if (typeof parsed === "string")
        context.issues.push({ code: "custom", message: parsed, input: entry, path: [index] });
      else ranges.push(parsed);
    }
    return mergeRanges(ranges).map(formatRange);
  }),
);

/** Ranges of a canonical port list; [] stays [] and means every port. */
export function portRanges(ports: readonly Entry[]): PortRange[] {
  return ports.map((entry) => {
    const parsed = parsePortEntry(entry);
    if (typeof parsed === "string") throw new Error(`canonical port list holds ${entry}`);
    return parsed;
  });
}

/** The range, or the reason why the entry is none, as a sentence. */
export function parsePortEntry(entry: Entry): PortRange | string {
  const match = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(String(entry).trim());
  if (match === null)
    return `"${String(entry).slice(0, 40)}" is not a port; write a number like 80 or a range like 8000-8010`;
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  for (const port of [from, to]) {
    if (port < 1 || port > limits.portMax) return `Port ${port} is outside 1 to 65,535`;
  }
  if (from > to) return `Range ${from}-${to} is reversed`;
  return { from, to };
}

function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: PortRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

function formatRange({ from, to }: PortRange): Entry {
  return from === to ? from : `${from}-${to}`;
}
