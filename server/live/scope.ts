/**
 * What one browser wants to hear: rows of every farm (overview), of every backend (monitor), and some farms whole. Parsed from the
 * `scope` parameter.
 */
import { invalid, ok, type Result } from "../core/result.ts";

export type Scope = {
  /** equal scopes have equal keys, so that a message is made once for all browsers that want the same */
  readonly key: string;
  readonly overview: boolean;
  readonly monitor: boolean;
  readonly farmIds: ReadonlySet<string>;
};

/** one stream serves all tabs of a browser */
const farmsMax = 64;
const farmPattern = /^farm:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export function parseScope(text: string): Result<Scope> {
  if (text.length > 4096) return invalid([{ path: "scope", message: "The scope is too long" }]);
  const parts = text.split(",").filter((part) => part !== "");
  const farmIds: string[] = [];
  let overview = false;
  let monitor = false;
  for (const part of parts) {
    const farmId = farmPattern.exec(part)?.[1];
    if (part === "overview" || part === "farms") overview = true;
    else if (part === "monitor") monitor = true;
    else if (farmId !== undefined) farmIds.push(farmId);
    else
      return invalid([
        { path: "scope", message: `"${part.slice(0, 60)}" is not a scope; write overview, monitor or farm:ID` },
      ]);
  }
  if (farmIds.length > farmsMax) return invalid([{ path: "scope", message: `At most ${farmsMax} farms` }]);
  return ok(makeScope(overview, monitor, farmIds));
}

function makeScope(overview: boolean, monitor: boolean, farmIds: readonly string[]): Scope {
  const unique = [...new Set(farmIds)].sort();
  const key = [overview ? "overview" : "", monitor ? "monitor" : "", ...unique].join(",");
  return { key, overview, monitor, farmIds: new Set(unique) };
}
