import type { Actor } from "../auth/actor.ts";
import { findPlaces as find, type Places } from "../core/farm/find-places.ts";
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { readFarms } from "./read-farms.ts";
import { runtime } from "./runtime.ts";

const searchLengthMax = 100;
const placesMax = 30;

/** Farms and backends that a search finds, best first. */
export async function findPlaces(actor: Actor, search: string, deps: Deps = runtime()): Promise<Result<Places>> {
  const read = await readFarms(actor, deps);
  if (!read.ok) return read;
  return ok(
    find(
      read.value.map(({ farm }) => farm),
      search.slice(0, searchLengthMax),
      placesMax,
    ),
  );
}
