/** `sluice compile FILE`: the whole nft script of a document, from the empty allocation. No agent, no kernel. */
import { createHash } from "node:crypto";
import { allocateFarm, allocateLists, emptyAllocation } from "../../core/allocation/allocation.ts";
import { type EffectiveFarm, effective } from "../../core/farm/effective.ts";
import type { NamedList } from "../../core/farm/named-list.ts";
import type { Farm } from "../../core/farm/types.ts";
import { conditionsByHealth } from "../../core/health/condition.ts";
import { ok, type Result } from "../../core/result.ts";
import { compile } from "../../core/ruleset/compile.ts";
import type { Ruleset } from "../../core/ruleset/model.ts";
import { renderScript } from "../../core/ruleset/render.ts";
import type { Call } from "../command.ts";
import { readDocument } from "../document/read-document.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";

export async function runCompile(call: Call): Promise<number> {
  const [file = "-"] = call.words;
  const read = await readDocument(call, file, countedIds());
  if ("code" in read) return read.code;
  const compiled = compileAll(read.farms, read.lists);
  if (!compiled.ok) return reportFailure(call, compiled.error);
  call.world.out(renderScript(compiled.value));
  return exit.done;
}

/** Every backend is taken as up; the same farms in the same order give the same text. */
function compileAll(farms: readonly Farm[], lists: readonly NamedList[]): Result<Ruleset> {
  const up = conditionsByHealth(new Map(farms.flatMap((farm) => farm.backends.map(({ id }) => [id, "up"] as const))));
  const effectives = new Map<string, EffectiveFarm>();
  let allocation = allocateLists(
    emptyAllocation(),
    lists.map(({ name }) => name),
  );
  for (const farm of farms) {
    const eff = effective(farm, up);
    const allocated = allocateFarm(allocation, farm, eff);
    if (!allocated.ok) return allocated;
    allocation = allocated.value;
    effectives.set(farm.id, eff);
  }
  return ok(compile(farms, effectives, allocation, undefined, lists));
}

/** Ids for what has none: the same every time, and unlike any that was made by chance. */
export function countedIds(): () => string {
  let count = 0;
  return () => {
    const hex = createHash("sha256").update(`sluice document id ${count++}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}
