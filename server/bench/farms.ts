/** Farm documents of the benches, and the script that the pure chain makes of them. */
import { randomUUID } from "node:crypto";
import { allocateFarm, emptyAllocation } from "../core/allocation/allocation.ts";
import { effective } from "../core/farm/effective.ts";
import type { Farm } from "../core/farm/types.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { compile } from "../core/ruleset/compile.ts";
import { renderScript } from "../core/ruleset/render.ts";

/** A round-robin TCP farm on port 80 with one backend an address, weight 100 each. */
export function farmOf(name: string, vip: string, addresses: readonly string[]): Farm {
  const parsed = parseFarm({
    id: randomUUID(),
    name,
    addresses: [vip],
    protocol: "tcp",
    ports: [80],
    scheduler: "weighted",
    backends: addresses.map((address, i) => ({ id: randomUUID(), name: `b${i}`, address, port: 80 })),
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

/** `farms` farms of `backends` backends each, no address twice among the VIPs. */
export function manyFarms(farms: number, backends: number): Farm[] {
  return Array.from({ length: farms }, (_, f) =>
    farmOf(
      `farm-${f}`,
      `172.20.${f >> 8}.${f & 255}`,
      Array.from({ length: backends }, (_, b) => `10.${64 + (f >> 8)}.${f & 255}.${b + 1}`),
    ),
  );
}

/** The whole nft script of these farms, every backend taken as unknown (so it serves). */
export function scriptOf(farms: readonly Farm[]): string {
  let allocation = emptyAllocation();
  const states = new Map(farms.map((farm) => [farm.id, effective(farm, new Map())]));
  for (const farm of farms) {
    const state = states.get(farm.id);
    if (state === undefined) continue;
    const allocated = allocateFarm(allocation, farm, state);
    if (!allocated.ok) throw new Error(allocated.error.text);
    allocation = allocated.value;
  }
  return renderScript(compile(farms, states, allocation));
}
