/**
 * What the balancer remembers of one client of one farm: the entry in the sticky map, asked of the kernel by its key alone, so that a map
 * of a million entries costs as much as one of ten. Pins stand in the farm's document and are not asked for here.
 */

import { memberKey } from "../core/allocation/allocation.ts";
import { idMark, idOfMark, lookupMark, markText } from "../core/allocation/marks.ts";
import type { Stickiness } from "../core/explain/stickiness.ts";
import { canonicalAddress, familyOf } from "../core/farm/address.ts";
import { type Persistence, prefixOf, rememberedBy } from "../core/farm/persistence.ts";
import type { Farm } from "../core/farm/types.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { tableName } from "../core/ruleset/model.ts";
import { ownStickyMap, sharedSticky } from "../core/ruleset/parts/persistence.ts";
import type { NftReader } from "./nft-reader.ts";
import type { State } from "./plan.ts";

export type StickinessDeps = {
  readonly reader: Pick<NftReader, "read">;
  readonly state: () => State;
};

export type AskedClient = {
  readonly farmId: string;
  /** as it was written; parsed here */
  readonly client: string;
  /** the farm's address it asks for; only a farm that remembers destinations needs it. null = its first of the client's family */
  readonly vip: string | null;
};

/** Fails as "not-found" (farm), "invalid" (addresses) or "kernel-refused" (could not be read). */
export function createStickiness({ reader, state }: StickinessDeps) {
  return async (asked: AskedClient): Promise<Result<Stickiness>> => {
    const { desired, allocation } = state();
    const farm = desired.farms.get(asked.farmId)?.farm;
    const own = allocation.farms.get(asked.farmId);
    if (farm === undefined || own === undefined) return fail("not-found", "There is no such farm.");
    const address = rememberedAddress(farm, asked);
    if (!address.ok) return address;
    if (farm.persistence === null) return ok({ known: "none" });
    const { map, key } = placeOf(farm, farm.persistence, own, address.value, allocation.tag);
    const answer = await reader.read(`get element inet ${tableName} ${map} { ${key} }`);
    if (answer.status === "error" && /No such file/.test(answer.text)) return ok({ known: "none" });
    if (answer.status !== "ok")
      return fail("kernel-refused", "The kernel did not say.", { detail: answer.text, retry: true });
    const entry = entryOf(answer.output, allocation.tag);
    if (entry === null) return ok({ known: "none" });
    const backend = farm.backends.find((each) => own.ids.get(memberKey(each)) === entry.id);
    // an id that left the farm: its client is scheduled anew
    return ok({
      known: "entry",
      backendId: backend?.id ?? markText(idMark(allocation.tag, entry.id)),
      expiresInS: entry.expiresInS,
    });
  };
}

function rememberedAddress(farm: Farm, { client, vip }: AskedClient): Result<string> {
  const from = canonicalAddress(client);
  if (!from.ok) return fail("invalid", from.error);
  if (farm.persistence?.by !== "destination-address") return from;
  const family = familyOf(from.value);
  const wanted = vip === null ? farm.addresses.find((address) => familyOf(address) === family) : vip;
  const to = canonicalAddress(wanted ?? "");
  if (!to.ok || !farm.addresses.includes(to.value)) return fail("invalid", `${vip} is not an address of this farm.`);
  return to;
}

type Own = Parameters<typeof ownStickyMap>[0]["own"];

function placeOf(farm: Farm, persistence: Persistence, own: Own, address: string, tag: number) {
  const family = familyOf(address);
  const map = ownStickyMap({ farm, own }, family);
  if (map === null) return { map: sharedSticky, key: `${markText(lookupMark(tag, own.number))} . ${address}` };
  return { map: map[0], key: prefixOf(address, rememberedBy(persistence, family).prefix) };
}

/** nft prints an element asked for as text, whatever form is wanted. */
function entryOf(text: string, tag: number): { id: number; expiresInS: number } | null {
  const match = /expires ((?:[0-9]+(?:ms|[dhms]))+) : (0x[0-9a-f]{1,8})/.exec(text);
  const id = match === null ? null : idOfMark(tag, Number(match[2]));
  return match === null || id === null ? null : { id, expiresInS: secondsOf(match[1] ?? "") };
}

const unitS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };

/** "1m59s856ms" */
function secondsOf(text: string): number {
  const parts = text.matchAll(/([0-9]+)(ms|[dhms])/g);
  return Array.from(parts).reduce((sum, [, count, unit]) => sum + Number(count) * (unitS[unit ?? ""] ?? 0), 0);
}
