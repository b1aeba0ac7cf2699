/** The farms that some events are about, read once each; one that is gone is null. */

import type { Farm } from "../core/farm/types.ts";
import type { FarmOf } from "../core/notify/relevance.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";

export async function farmsById(
  database: Pick<Database, "farms">,
  of: readonly { readonly farmId: string | null }[],
): Promise<Result<FarmOf>> {
  const ids = new Set(of.flatMap(({ farmId }) => (farmId === null ? [] : [farmId])));
  const farms = new Map<string, Farm>();
  for (const id of ids) {
    const view = await database.farms.get(id);
    if (view.ok) farms.set(id, view.value.farm);
    else if (view.error.code !== "not-found") return view;
  }
  return ok((id) => farms.get(id) ?? null);
}
