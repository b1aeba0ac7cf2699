/**
 * Element counters, once a second, by `nft -j list` in processes of their own. New connections come from the address maps (be4, ba4, be6,
 * ba6), packets and bytes towards the backends from bin, back from bout. Each reading carries the time of its own listing.
 * A map without members is not listed.
 */
import { type Counter, parseCounters } from "../core/ruleset/listing.ts";
import { type ObjectName, type Ruleset, tableName } from "../core/ruleset/model.ts";
import type { RunProcess } from "./run-process.ts";

export type Readings = { readonly atMs: number; readonly byId: ReadonlyMap<number, Counter> };

/** null = that listing failed: its values are not known in this round */
export type CounterRound = {
  readonly atMs: number;
  readonly fresh: Readings | null;
  readonly towards: Readings | null;
  readonly back: Readings | null;
};

export type CounterDeps = {
  readonly run: RunProcess;
  readonly tag: number;
  readonly now: () => number;
  /** lets other work go on between two parses */
  readonly pause: () => Promise<void>;
};

const timeoutMs = 5000;
const addressMaps = ["be4", "ba4", "be6", "ba6"] as const;

export function createCounters(deps: CounterDeps): { read(ruleset: Ruleset): Promise<CounterRound> } {
  async function list(kind: "map" | "set", name: ObjectName): Promise<Readings | null> {
    const result = await deps.run("nft", ["-j", "list", kind, "inet", tableName, name], { timeoutMs });
    if (result.status !== "ok") return null;
    const atMs = deps.now();
    await deps.pause();
    const parsed = parseCounters(result.stdout, deps.tag);
    await deps.pause();
    return parsed.ok ? { atMs, byId: parsed.value } : null;
  }

  async function listAddressMaps(ruleset: Ruleset): Promise<Readings | null> {
    const used = usedMaps(ruleset);
    const byId = new Map<number, Counter>();
    let atMs = deps.now();
    for (const name of used) {
      const readings = await list("map", name);
      if (readings === null) return null;
      atMs = readings.atMs;
      for (const [id, counter] of readings.byId) byId.set(id, counter);
    }
    return { atMs, byId };
  }

  return {
    async read(ruleset) {
      const fresh = await listAddressMaps(ruleset);
      const towards = await list("set", "bin");
      const back = await list("set", "bout");
      return { atMs: deps.now(), fresh, towards, back };
    },
  };
}

function usedMaps(ruleset: Ruleset): (typeof addressMaps)[number][] {
  const used = new Set<(typeof addressMaps)[number]>();
  for (const fragment of ruleset.fragments.values()) {
    for (const name of addressMaps) if ((fragment.elements.get(name)?.size ?? 0) > 0) used.add(name);
    if (used.size === addressMaps.length) break;
  }
  return addressMaps.filter((name) => used.has(name));
}
