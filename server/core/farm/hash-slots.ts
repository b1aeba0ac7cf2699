/**
 * The slots of schedulers that hash: how many, and whose each is. The number follows from how many backends of the family the farm
 * has, serving or not, so that a drain or a failure never deals all clients anew. Tables are kept while they are used: the same
 * names and weights are asked for by the compiler, the shares and the preview.
 */

import { maglevTable } from "./maglev.ts";
import { rendezvousTable } from "./rendezvous.ts";
import type { Scheduler } from "./types.ts";
import type { Entrant, HashTable } from "./visitor.ts";

/** Schedulers by which a client keeps its backend without being remembered. */
const hashing = ["source-hash", "symmetric-hash", "maglev"] as const satisfies readonly Scheduler[];
export type HashScheduler = (typeof hashing)[number];

export function isHashing(scheduler: Scheduler): scheduler is HashScheduler {
  return hashing.some((known) => known === scheduler);
}

/** Whether the farm's hashFields count; the symmetric hash always takes both addresses and both ports. */
export function usesHashFields(scheduler: Scheduler): boolean {
  return scheduler === "source-hash" || scheduler === "maglev";
}

/** `backends`: all of the family, serving or not. */
export function hashModulus(scheduler: HashScheduler, backends: number): number {
  if (scheduler === "maglev") return primes.find((prime) => prime >= slotsPerBackend.maglev * backends) ?? largestPrime;
  const wanted = 2 ** Math.ceil(Math.log2(slotsPerBackend.rendezvous * Math.max(1, backends)));
  return Math.min(rendezvousBounds.max, Math.max(rendezvousBounds.min, wanted));
}

/** At least one entrant; `modulus` as hashModulus gave it. */
export function hashTable(scheduler: HashScheduler, entrants: readonly Entrant[], modulus: number): HashTable {
  const kind = scheduler === "maglev" ? "maglev" : "rendezvous";
  const key = `${kind} ${modulus} ${entrants.map(({ name, weight }) => `${name}=${weight}`).join(" ")}`;
  const known = kept.get(key);
  const table = known ?? (kind === "maglev" ? maglevTable(entrants, modulus) : rendezvousTable(entrants, modulus));
  keep(key, table);
  return table;
}

const slotsPerBackend = { rendezvous: 64, maglev: 256 } as const;
const rendezvousBounds = { min: 1024, max: 65_536 } as const;

/** Below a power of two each, so that the block wastes nothing: 65,521 rather than 65,537, which would take twice the space. */
const primes: readonly number[] = [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749];
const largestPrime = 65_521;

/** A memo only: least recently used first. */
const kept = new Map<string, HashTable>();
let keptSlots = 0;
/** 4 MB of tables */
const keptSlotsMax = 2_000_000;

function keep(key: string, table: HashTable): void {
  if (kept.delete(key)) keptSlots -= table.owners.length;
  kept.set(key, table);
  keptSlots += table.owners.length;
  for (const [oldest, { owners }] of kept) {
    if (keptSlots <= keptSlotsMax) return;
    kept.delete(oldest);
    keptSlots -= owners.length;
  }
}
