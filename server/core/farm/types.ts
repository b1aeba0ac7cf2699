/** The words of a farm. The schema (schema.ts) parses unknown input into these; everything else takes them as true. */
import type * as z from "zod/mini";
import type { backendSchema, farmSchema } from "./schema.ts";

/** A farm with every default applied, canonical addresses, sorted merged ports and ids. */
export type Farm = z.output<typeof farmSchema>;
export type Backend = z.output<typeof backendSchema>;

export type AdminState = Backend["adminState"];
export type Scheduler = Farm["scheduler"];
export type Protocol = Farm["protocol"];

/** What the checks say; a second axis beside AdminState, never merged with it. */
export type Health = "up" | "degraded" | "down" | "unknown";

export type Family = 4 | 6;

/** One state of a whole farm, in the order in which the first that fits is taken. */
const farmWords = ["stopped", "unknown", "maintenance", "down", "critical", "problem", "not-checked", "up"] as const;
export type FarmWord = (typeof farmWords)[number];

/** Inclusive, 1..65535. An empty list of ranges means every port. */
export type PortRange = { readonly from: number; readonly to: number };
