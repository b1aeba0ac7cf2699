/** Farm documents of the benches, and the script that the pure chain makes of them. */
import { randomUUID } from "node:crypto";
import { allocateFarm, emptyAllocation } from "../core/allocation/allocation.ts";
import { type EffectiveFarm, effective } from "../core/farm/effective.ts";
import type { HostView } from "../core/farm/host-view.ts";
import type { Farm } from "../core/farm/types.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { compile } from "../core/ruleset/compile.ts";
import { renderScript } from "../core/ruleset/render.ts";

/** A weighted TCP farm on port 80 with one backend an address, weight 100 each; `more` = what else its document says. */
export function farmOf(name: string, vip: string, addresses: readonly string[], more: object = {}): Farm {
  const parsed = parseFarm({
    id: randomUUID(),
    name,
    addresses: [vip],
    protocol: "tcp",
    ports: [80],
    scheduler: "weighted",
    backends: addresses.map((address, i) => ({ id: randomUUID(), name: `b${i}`, address, port: 80 })),
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

/** `farms` farms of `backends` backends each, no address twice among the VIPs. */
export function manyFarms(farms: number, backends: number, more: (at: number) => object = () => ({})): Farm[] {
  return Array.from({ length: farms }, (_, f) =>
    farmOf(
      `farm-${f}`,
      `172.20.${f >> 8}.${f & 255}`,
      Array.from({ length: backends }, (_, b) => `10.${64 + (f >> 8)}.${f & 255}.${b + 1}`),
      more(f),
    ),
  );
}

/** The whole nft script of these farms, every backend taken as unknown (so it serves). `host`: links, for direct return. */
export function scriptOf(farms: readonly Farm[], host?: HostView): string {
  let allocation = emptyAllocation();
  const states = new Map(
    farms.map((farm): [string, EffectiveFarm] => {
      const state = effective(farm, new Map());
      return [farm.id, host === undefined ? state : { ...state, host }];
    }),
  );
  for (const farm of farms) {
    const state = states.get(farm.id);
    if (state === undefined) continue;
    const allocated = allocateFarm(allocation, farm, state);
    if (!allocated.ok) throw new Error(allocated.error.text);
    allocation = allocated.value;
  }
  return renderScript(compile(farms, states, allocation));
}
